import { randomName, testBrokers, createTestTopics } from '@courier/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { untilMembersLeft } from './consumer-group';
import { stackKafka } from './kafka-client';

const SESSION_MS = 6_000;

describe('the wait for a group without members', () => {
  const brokers = testBrokers().join(',');
  const topic = randomName('left');
  let removeTopics: () => Promise<void>;

  beforeAll(async () => {
    removeTopics = await createTestTopics([topic]);
  });
  afterAll(() => removeTopics());

  it('ends when the last one has left, and not before', async () => {
    const group = randomName('group');
    const consumer = stackKafka(brokers).consumer({ groupId: group, sessionTimeout: SESSION_MS, maxWaitTimeInMs: 250 });
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.connect();
    let isOver = false;
    let wait: Promise<string | null> | undefined;
    try {
      await consumer.subscribe({ topic });
      await consumer.run({ eachMessage: () => Promise.resolve() });
      await joined;
      wait = untilMembersLeft(brokers, group).finally(() => (isOver = true));
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      expect(isOver).toBe(false);
    } finally {
      await consumer.disconnect();
    }
    expect(await wait).toBeNull();
  });

  it('is none for a group that there never was, and says what is wrong where Kafka is away', async () => {
    expect(await untilMembersLeft(brokers, randomName('group'))).toBeNull();
    expect(await untilMembersLeft('127.0.0.1:1', 'group')).toContain('Kafka does not say');
  });
});
