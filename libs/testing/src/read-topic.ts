import { type Consumer, createKafka } from '@courier/kafka';
import { randomName } from './test-kafka';

/** Every topic but Kafka's own. */
export async function listTopics(brokers: string[]): Promise<string[]> {
  const admin = createKafka({ brokers, ssl: false }, randomName('scan')).admin();
  await admin.connect();
  const topics = await admin.listTopics().finally(() => admin.disconnect());
  return topics.filter((topic) => !topic.startsWith('__')).sort();
}

/** Everything that a topic holds now, keys, headers and values as text, for scans. */
export async function readTopic(brokers: string[], topic: string): Promise<string> {
  const kafka = createKafka({ brokers, ssl: false }, randomName('scan'));
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic).finally(() => admin.disconnect());
  const missing = new Map(
    ends.filter(({ low, high }) => BigInt(high) > BigInt(low)).map(({ partition, high }) => [partition, BigInt(high)]),
  );
  if (missing.size === 0) return '';

  const consumer = kafka.consumer({ groupId: randomName('scan'), maxWaitTimeInMs: 100 });
  return readUntilThere(consumer, topic, missing).finally(() => consumer.disconnect());
}

/** `missing`: the partitions to be read, and where each ends. */
async function readUntilThere(consumer: Consumer, topic: string, missing: Map<number, bigint>): Promise<string> {
  const texts: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        autoCommit: false,
        eachBatch: ({ batch, resolveOffset }) => {
          for (const { key, value, headers, offset } of batch.messages) {
            const named = Object.entries(headers ?? {}).map(([name, header]) => `${name}=${String(header)}`);
            texts.push(`${key?.toString() ?? ''} ${named.join(' ')} ${value?.toString() ?? ''}`);
            resolveOffset(offset);
          }
          const end = missing.get(batch.partition);
          if (end !== undefined && BigInt(batch.lastOffset()) + 1n >= end) missing.delete(batch.partition);
          if (missing.size === 0) resolve();
          return Promise.resolve();
        },
      })
      .catch(reject);
  });
  return texts.join('\n');
}
