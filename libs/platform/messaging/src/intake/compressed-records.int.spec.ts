import { createKafka, createTopics } from '@courier/kafka';
import { publishRecords, randomName, testBrokers, until } from '@courier/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';

// The broker's own Java code compresses what it appends, as the topic says.
describe('records that their producer has compressed', () => {
  const client = () => createKafka({ brokers: testBrokers(), ssl: false }, randomName('compressed'));
  const admin = client().admin();
  let topic: string;

  beforeAll(() => admin.connect());
  afterEach(() => admin.deleteTopics({ topics: [topic] }));
  afterAll(() => admin.disconnect());

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('with %s are read as they were', async (codec) => {
    topic = randomName(codec);
    const configEntries = [{ name: 'compression.type', value: codec }];
    await createTopics(admin, [{ topic, numPartitions: 1, configEntries }]);
    // Of one block, of many, and of what hardly shrinks.
    const values = [Buffer.from('{"a":1}'), Buffer.alloc(300_000, 'ab'), randomBytes(100_000)];
    await publishRecords(
      testBrokers(),
      topic,
      values.map((value) => ({ key: null, value, headers: {} })),
    );
    const read: Buffer[] = [];
    const consumer = client().consumer({ groupId: topic, maxWaitTimeInMs: 250 });
    await consumer.connect();
    try {
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({ eachMessage: ({ message }) => Promise.resolve(void read.push(message.value ?? Buffer.alloc(0))) });
      await until(() => Promise.resolve(read.length === values.length));
    } finally {
      await consumer.disconnect();
    }
    expect(read.map((value, index) => value.equals(values[index] ?? Buffer.alloc(0)))).toEqual([true, true, true]);
  });
});
