import type { StagedObjectRef } from '@courier/staging';
import type { LineRange } from './line-ranges';
import type { OutcomeError } from './row-result';
import type { EndedSubmission, Submission, SubmissionState } from './submission';

export interface SubmissionRow {
  id: string;
  delivery_id: string;
  epoch: number;
  run_id: string;
  connection_id: string;
  list_id: string;
  attempt: number;
  number: number;
  object: StagedObjectRef;
  batch_rows: number;
  ranges: LineRange[];
  rows: number;
  rounds: number;
  tries: number;
  throttles: number;
  sent_at: Date | null;
  maybe_sent: boolean;
  job_id: string | null;
  delivery_refusals: number;
  batch_id: string;
  export_id: string;
  traceparent: string | null;
}

export interface EndedRow {
  state: SubmissionState;
  ranges: LineRange[];
  job_id: string | null;
  accepted: number;
  rejected: number;
  unconfirmed: number;
  not_attempted: number;
  reasons: Record<string, number>;
  results: StagedObjectRef | null;
  error: OutcomeError | null;
}

export function toSubmission(row: SubmissionRow): Submission {
  return {
    id: row.id,
    deliveryId: row.delivery_id,
    epoch: row.epoch,
    runId: row.run_id,
    connectionId: row.connection_id,
    listId: row.list_id,
    attempt: row.attempt,
    number: row.number,
    object: row.object,
    batchRows: row.batch_rows,
    ranges: row.ranges,
    rows: row.rows,
    rounds: row.rounds,
    tries: row.tries,
    throttles: row.throttles,
    sentAt: row.sent_at,
    maybeSent: row.maybe_sent,
    jobId: row.job_id,
    deliveryRefusals: row.delivery_refusals,
    batchId: row.batch_id,
    exportId: row.export_id,
    traceparent: row.traceparent,
  };
}

export function toEndedSubmission(row: EndedRow): EndedSubmission {
  return {
    state: row.state,
    ranges: row.ranges,
    jobId: row.job_id,
    counts: {
      accepted: row.accepted,
      rejected: row.rejected,
      unconfirmed: row.unconfirmed,
      notAttempted: row.not_attempted,
    },
    reasons: row.reasons,
    results: row.results,
    error: row.error,
  };
}
