import type { RunCounts, RunReason, RunStatus } from '@courier/contracts';
import { AppError } from '@courier/kernel';
import { runReason } from './run-reasons';

export interface RunResult {
  status: RunStatus;
  reason: RunReason | null;
}

/**
 * The accounting law (invariant 3): every row of the snapshots has exactly one fate, and so has everybody who was to be sent.
 * @throws AppError `counts_disagree`; a run is never finished with counts that do not add up.
 */
export function assertCountsAddUp(counts: RunCounts): void {
  const planned = counts.toAdd + counts.toChange + counts.toRemove;
  const rows = counts.duplicates + counts.invalid + counts.excluded + counts.unchanged + counts.toAdd + counts.toChange;
  const outcomes = counts.accepted + counts.rejected + counts.unconfirmed + counts.withheld + counts.notAttempted;
  if (rows !== counts.snapshotRows || outcomes !== planned) {
    throw new AppError('counts_disagree', `rows ${counts.snapshotRows}/${rows}, outcomes ${planned}/${outcomes}`);
  }
}

/** How a run ends, once every batch has its outcome. */
export function resultOf(counts: RunCounts, stopReason: RunReason | null): RunResult {
  assertCountsAddUp(counts);
  if (stopReason) return { status: stopReason.code === 'superseded' ? 'superseded' : 'failed', reason: stopReason };
  const planned = counts.toAdd + counts.toChange + counts.toRemove;
  if (counts.snapshotRows === 0) return { status: 'succeeded', reason: runReason('empty_snapshot', 'the snapshot has no rows') };
  if (counts.invalid === counts.snapshotRows) {
    const detail = `none of the ${counts.snapshotRows} rows can be sent`;
    return { status: 'failed', reason: runReason('nothing_accepted', detail) };
  }
  const errors = counts.invalid + counts.rejected + counts.unconfirmed;
  if (planned === 0) {
    return {
      status: errors > 0 ? 'completed_with_errors' : 'succeeded',
      reason: runReason('nothing_to_do', 'nobody is to be sent'),
    };
  }
  if (counts.accepted === 0) {
    const detail = `${counts.rejected} of ${planned} people were rejected, ${counts.unconfirmed} unconfirmed, none accepted`;
    return { status: 'failed', reason: runReason('nothing_accepted', detail) };
  }
  return { status: errors > 0 ? 'completed_with_errors' : 'succeeded', reason: null };
}
