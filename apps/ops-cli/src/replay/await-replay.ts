import { OpsError } from '../ops-error';
import type { Output } from '../output';
import type { IntakeStatus, ReplayRange } from './replay-text';

const POLL_MS = 500;
const PATIENCE_MS = 10 * 60_000;

/** Shows how far the reading has come until every partition of the range has ended it, in an epoch above those known before. */
export async function awaitReplay(
  look: () => Promise<IntakeStatus>,
  { topic, above, range }: { topic: string; above: number; range: ReplayRange },
  output: Output,
): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  let last = '';
  for (;;) {
    const { epochs } = await look();
    const ours = epochs.filter((one) => one.topic === topic && one.epoch > above);
    const read = ours.reduce((sum, { from, position }) => sum + position - from, 0);
    const line = `${read} of ${range.records} records read`;
    if (line !== last) output.note(line);
    last = line;
    const ended = ours.filter(({ state }) => state === 'read' || state === 'closed');
    if (ours.length >= range.partitions.length && ended.length === ours.length) return;
    if (performance.now() > deadlineMs) {
      throw new OpsError({
        code: 'replay_unfinished',
        what: 'The range is not read to its end yet.',
        why: `After ${PATIENCE_MS / 60_000} minutes ${line}.`,
        remedy: 'See ops replay status; the reading goes on by itself.',
        retryable: true,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
