import type { StagedObjectRef } from '@courier/staging';
import type { LineRange } from './line-ranges';
import type { OutcomeCounts, OutcomeError } from './row-result';

/**
 * One import call's worth of a delivery: the whole batch at first, less once rows were stripped or the batch was halved.
 *
 *   pending ──▶ sending ──▶ accepted ──▶ done
 *      ▲           ├──▶ unanswered ──▶ accepted (its job was found) or pending
 *      └───────────┤
 *                  └──▶ split (its rest lives on in other submissions) or done
 */
export type SubmissionState = 'pending' | 'sending' | 'unanswered' | 'accepted' | 'split' | 'done';

export interface Submission {
  id: string;
  deliveryId: string;
  /** Of the delivery; 0 outside a replay. */
  epoch: number;
  runId: string;
  connectionId: string;
  listId: string;
  attempt: number;
  /** The batch's number in its run. */
  number: number;
  object: StagedObjectRef;
  /** Lines of the object: everybody in the batch. */
  batchRows: number;
  ranges: LineRange[];
  rows: number;
  /** Strips and halvings that led here. */
  rounds: number;
  /** Calls that brought no usable answer. */
  tries: number;
  throttles: number;
  /** When the latest call began; written before it. */
  sentAt: Date | null;
  /** An earlier call was not answered: rows that are not sent again may be at Klaviyo all the same. */
  maybeSent: boolean;
  jobId: string | null;
  /** Calls of the whole delivery that Klaviyo refused so far because of their rows. */
  deliveryRefusals: number;
  batchId: string;
  exportId: string;
  /** Of the record that brought the batch: what is done for it goes on in its trace. */
  traceparent: string | null;
}

/** What a submission contributes to its delivery's outcome when it ends or is split. */
export interface SubmissionEnd {
  counts: OutcomeCounts;
  reasons: Record<string, number>;
  /** Staged row results of this submission; null when the counts say everything. */
  results: StagedObjectRef | null;
  error: OutcomeError | null;
}

/** A submission that has ended, as the outcome needs it. */
export interface EndedSubmission extends SubmissionEnd {
  ranges: LineRange[];
  state: SubmissionState;
  jobId: string | null;
}
