import { createKafka, publishEvent as publish } from '@courier/kafka';
import { randomName } from './test-kafka';

export interface CloudEventRecord {
  topic: string;
  key: string;
  type: string;
  data: unknown;
  /** CloudEvents id; a new one when absent. */
  id?: string;
  /** Headers beside those of CloudEvents. */
  headers?: Record<string, string>;
}

/** Publishes one CloudEvents record in binary mode, as upstream does; returns its id. */
export async function publishEvent(
  brokers: string[],
  { topic, key, type, data, id, headers = {} }: CloudEventRecord,
): Promise<string> {
  const eventId = id ?? randomName('event');
  const attributes = { id: eventId, source: '/spec', type, subject: null, time: new Date() };
  await publish(createKafka({ brokers, ssl: false }, randomName('spec')), { topic, key, attributes, data, headers });
  return eventId;
}
