import { setTimeout as sleep } from 'node:timers/promises';
import { withAdmin } from './kafka-client';

const POLL_MS = 250;
/** A dead member is expelled after its session of 20 s, and a rebalance waits for members 30 s at the most. */
const LEFT_MAX_MS = 60_000;

/**
 * Waits until a group has no members any more. One that was killed, or whose end came while it joined, stays in the group until its
 * session ends, and Kafka's own tool moves no group before that. Null once they are gone, else what is wrong.
 */
export async function untilMembersLeft(brokers: string, group: string): Promise<string | null> {
  const deadline = Date.now() + LEFT_MAX_MS;
  try {
    return await withAdmin(brokers, 1, async (admin) => {
      for (;;) {
        const { groups } = await admin.describeGroups([group]);
        if (groups.every(({ state }) => state === 'Empty' || state === 'Dead')) return null;
        if (Date.now() > deadline) return `its consumer group is still ${groups[0]?.state}: does another instance of it run?`;
        await sleep(POLL_MS);
      }
    });
  } catch (error) {
    return `Kafka does not say whether it has left its consumer group (${(error as Error).message})`;
  }
}
