import { randomBytes } from 'node:crypto';
import type { KafkaSettings } from '@courier/config';
import { segmentRefreshedV1, type SegmentRefreshedV1 } from '@courier/contracts';
import { createKafka, publishEvent } from '@courier/kafka';
import { newId } from '@courier/kernel';
import { OpsError } from '../ops-error';

const SOURCE = 'urn:segment-courier:ops';
const TIMEOUT_MS = 10_000;
const RETRIES = 3;

/** Sends the event as upstream does: a CloudEvent in binary mode under the segment's key. Returns its id once Kafka has it for good. */
export async function publishRefresh(
  settings: KafkaSettings,
  data: SegmentRefreshedV1,
  topic: string = segmentRefreshedV1.topic,
): Promise<string> {
  const id = newId();
  const key = segmentRefreshedV1.key(data);
  const attributes = { id, source: SOURCE, type: segmentRefreshedV1.type, subject: key, time: new Date() };
  const headers = { traceparent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01` };
  const kafka = createKafka(settings, 'courier-ops', { timeoutMs: TIMEOUT_MS, retries: RETRIES });
  try {
    await publishEvent(kafka, { topic, key, attributes, data, headers });
  } catch (cause) {
    throw new OpsError({
      code: 'kafka_failed',
      what: 'The event was not sent.',
      why: `Kafka at ${settings.brokers.join(', ')}: ${cause instanceof Error ? cause.message : String(cause)}`,
      remedy: `See whether Kafka runs, the topic ${topic} exists and you may write to it.`,
      cause,
    });
  }
  return id;
}
