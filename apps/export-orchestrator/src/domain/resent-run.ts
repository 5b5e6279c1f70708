import { type BatchFinishedV1, resentRunId, type RunCounts } from '@courier/contracts';
import { derivedId } from '@courier/kernel';
import type { BatchRecord } from './batch';
import { noCounts, type RunRecord } from './run';

type NewResentRun = Omit<RunRecord, 'sequence' | 'traceparent'>;

/** The run that carries what became of another run's batches when an operator let the sink send them again. */
export function resentRun(original: RunRecord, epoch: number, now: Date): NewResentRun {
  return {
    ...original,
    id: resentRunId(original.id, epoch),
    trigger: 'replay',
    status: 'running',
    phase: 'delivering',
    reason: null,
    counts: noCounts,
    invalidReasons: {},
    rejectedReasons: {},
    warnings: [],
    waiting: null,
    awaitedJob: null,
    invalidRows: null,
    // What it books goes into the ledger that there is by then.
    withoutLedger: false,
    staged: false,
    batchesTotal: 0,
    batchesFinished: 0,
    stopReason: null,
    startedBy: null,
    replayOf: original.id,
    replay: { epoch, reason: null, actor: null, force: false },
    resends: original.id,
    version: 1,
    createdAt: now,
    startedAt: now,
    finishedAt: null,
  };
}

/** The run that carries the outcome of one batch that came after the run, or the replay of it, had ended without that batch. */
export function lateRun(
  original: RunRecord,
  { deliveryId, epoch }: { deliveryId: string; epoch: number },
  now: Date,
): NewResentRun {
  const reason = 'a batch that was put aside was taken in again';
  return {
    ...resentRun(original, epoch, now),
    id: derivedId('late outcome', deliveryId),
    replay: { epoch, reason, actor: null, force: false },
    staged: true,
    batchesTotal: 1,
  };
}

/** Whether the sink has sent what the run counts as not attempted: a dead letter was retried after its run was told. */
export function isLate(batch: BatchRecord, outcome: BatchFinishedV1): boolean {
  return batch.status === 'finished' && batch.attempts === 0 && batch.notAttempted === batch.rows && outcome.attempts > 0;
}

/** The batch of such a run: it exists only with its outcome. `first` is what was sent the first time, and so again. */
export function resentBatch(runId: string, outcome: BatchFinishedV1, first: BatchRecord | null): BatchRecord {
  const { accepted, rejected, unconfirmed, notAttempted } = outcome.counts;
  return {
    id: outcome.deliveryId,
    runId,
    attempt: outcome.attempt,
    number: outcome.number,
    operation: 'upsert',
    rows: accepted + rejected + unconfirmed + notAttempted,
    bytes: 0,
    status: 'finished',
    object: first?.object ?? null,
    ...outcome.counts,
    rejectedReasons: outcome.rejectedReasons,
    results: outcome.results,
    jobIds: outcome.jobIds,
    attempts: outcome.attempts,
    error: outcome.error,
  };
}

/** Everybody in a batch that is sent again was in the plan before, so each counts as one who is to be changed. */
export function withResent(counts: RunCounts, batch: BatchRecord): RunCounts {
  return {
    ...counts,
    snapshotRows: counts.snapshotRows + batch.rows,
    toChange: counts.toChange + batch.rows,
  };
}
