import type { BatchFinishedV1, BatchRequestedV1 } from '@courier/contracts';
import type { KnownDelivery } from './delivery';

export interface ReplayOfBatch {
  newest: Pick<KnownDelivery, 'calls' | 'outcome'>;
  /** Only what has not ended well is wanted. */
  unfinishedOnly: boolean;
  /** The same replay sends batches of another run to the list before this one, whose values may be older. */
  behindAnotherRun: boolean;
}

/**
 * - `continue`: its delivery is on its way, and goes behind what the replay sends before it;
 * - `keep`: what it is about has ended well;
 * - `send`: one more delivery.
 */
export type BatchAgain = 'continue' | 'keep' | 'send';

/** What becomes of a batch that an operator's rewind brings again. */
export function decideAgain({ newest, unfinishedOnly, behindAnotherRun }: ReplayOfBatch): BatchAgain {
  if (newest.outcome === null) {
    // A call that is under way cannot be put behind another one: its values would be overwritten by older ones, so they come once more.
    return newest.calls > 0 && behindAnotherRun ? 'send' : 'continue';
  }
  return unfinishedOnly && endedWell(newest.outcome) ? 'keep' : 'send';
}

/** Whether nobody keeps its staged object any more. */
export function isTooOld({ requestedAt }: BatchRequestedV1, now: Date, stagedForMs: number): boolean {
  return now.getTime() - Date.parse(requestedAt) > stagedForMs;
}

function endedWell({ counts }: BatchFinishedV1): boolean {
  return counts.unconfirmed === 0 && counts.notAttempted === 0;
}
