import { randomUUID } from 'node:crypto';
import { segmentRefreshedV1, type SegmentRefreshedV1 } from '@courier/contracts';
import { publishEvent } from '@courier/kafka';
import { stackKafka } from './kafka-client';
import { StackError } from './stack-error';

const SOURCE = 'urn:segment-courier:sample';

/** Announces a refresh as upstream does: a CloudEvent in binary mode, keyed by the segment. Returns the event's id. */
export async function publishRefresh(brokers: string, data: SegmentRefreshedV1): Promise<string> {
  const checked = segmentRefreshedV1.schema.safeParse(data);
  if (!checked.success) throw new StackError(`The refresh event does not follow its schema: ${checked.error.issues[0]?.message}`);
  const id = randomUUID();
  const { topic, type } = segmentRefreshedV1;
  const key = segmentRefreshedV1.key(data);
  const attributes = { id, source: SOURCE, type, subject: key, time: new Date() };
  await publishEvent(stackKafka(brokers), { topic, key, attributes, data });
  return id;
}
