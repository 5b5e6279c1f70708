import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, ITopicConfig } from 'kafkajs';

const KNOWN_MAX_MS = 10_000;
const POLL_MS = 50;

/**
 * Creates topics and waits until the broker knows them and their leaders. kafkajs' own wait gives up at a broker that has not heard yet
 * of what its controller has created a moment ago.
 */
export async function createTopics(admin: Admin, topics: ITopicConfig[]): Promise<void> {
  await admin.createTopics({ topics, waitForLeaders: false });
  const names = topics.map(({ topic }) => topic);
  const deadlineMs = performance.now() + KNOWN_MAX_MS;
  for (;;) {
    try {
      const known = new Set(await admin.listTopics());
      if (names.every((name) => known.has(name))) return;
      if (performance.now() > deadlineMs)
        throw new Error(`the broker does not know ${names.join(', ')} after ${KNOWN_MAX_MS} ms`);
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
    }
    await sleep(POLL_MS);
  }
}
