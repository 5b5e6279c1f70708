import { createKafka, type Producer } from '@courier/kafka';
import { randomName } from './test-kafka';

export interface RawRecord {
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, Buffer | string>;
}

const AT_ONCE_BYTES = 800_000;

/** Sends records as they are, in their order, into partition 0. */
export async function publishRecords(brokers: string[], topic: string, records: readonly RawRecord[]): Promise<void> {
  const producer = createKafka({ brokers, ssl: false }, randomName('raw')).producer();
  await producer.connect();
  await sendInParts(producer, topic, records).finally(() => producer.disconnect());
}

async function sendInParts(producer: Producer, topic: string, records: readonly RawRecord[]): Promise<void> {
  let waiting: RawRecord[] = [];
  let bytes = 0;
  const send = async () => {
    const messages = waiting.map(({ key, value, headers }) => ({ key, value, headers, partition: 0 }));
    if (messages.length > 0) await producer.send({ topic, messages });
    waiting = [];
    bytes = 0;
  };
  for (const record of records) {
    const size = (record.value?.length ?? 0) + 10_000;
    if (bytes + size > AT_ONCE_BYTES) await send();
    waiting.push(record);
    bytes += size;
  }
  await send();
}
