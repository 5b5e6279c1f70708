import type { RunRecord } from './run';

/** Rows of batches that were ended without the sink's word. */
export interface EndedBatches {
  batches: number;
  unconfirmed: number;
  notAttempted: number;
}

/** What changes on a run whose batches were ended; `finishing` when none is left open. */
export function afterEndOfBatches(run: RunRecord, ended: EndedBatches) {
  const { counts, staged, stopReason, batchesTotal } = run;
  const batchesFinished = run.batchesFinished + ended.batches;
  return {
    staged,
    stopReason,
    batchesFinished,
    phase: staged && batchesFinished === batchesTotal ? ('finishing' as const) : run.phase,
    counts: {
      ...counts,
      unconfirmed: counts.unconfirmed + ended.unconfirmed,
      notAttempted: counts.notAttempted + ended.notAttempted,
    },
  };
}
