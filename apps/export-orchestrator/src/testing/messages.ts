import type { BatchFinishedV1, SegmentRefreshedV1 } from '@courier/contracts';
import { newId } from '@courier/kernel';
import type { BatchRecord } from '../domain/batch';

/** What is said of the rows of a batch; those that are not named are accepted. */
export type Said = Partial<Omit<BatchFinishedV1['counts'], 'accepted'>> & { error?: string };

/** A successful refresh of the segment, with two rows. */
export function refreshOf(
  segmentId: string,
  sequence: number,
  change: {
    refresh?: Partial<SegmentRefreshedV1['refresh']>;
    snapshot?: Partial<SegmentRefreshedV1['snapshot']>;
    environmentId?: string;
  } = {},
): SegmentRefreshedV1 {
  return {
    environmentId: change.environmentId ?? 'dev',
    segment: { id: segmentId, displayName: `Segment ${segmentId}` },
    refresh: { id: `refresh-${segmentId}-${sequence}`, result: 'successful', ...change.refresh },
    sequence,
    snapshot: {
      format: 'csv',
      partitions: [{ uri: `file:///no-snapshots/${segmentId}-${sequence}.csv`, rows: 2 }],
      compression: 'none',
      rowCount: 2,
      ...change.snapshot,
    },
  };
}

export function outcomeOf(run: { id: string; exportId: string }, batch: BatchRecord, said: Said = {}): BatchFinishedV1 {
  const { rejected = 0, unconfirmed = 0, notAttempted = 0, error } = said;
  const accepted = batch.rows - rejected - unconfirmed - notAttempted;
  return {
    deliveryId: newId(),
    batchId: batch.id,
    runId: run.id,
    exportId: run.exportId,
    attempt: batch.attempt,
    number: batch.number,
    counts: { accepted, rejected, unconfirmed, notAttempted },
    rejectedReasons: rejected === 0 ? {} : { invalid: rejected },
    results: null,
    jobIds: accepted === 0 ? [] : [`job-${batch.number}`],
    attempts: 1,
    error: error === undefined ? null : { code: error, detail: 'said the spec' },
    finishedAt: new Date().toISOString(),
  };
}
