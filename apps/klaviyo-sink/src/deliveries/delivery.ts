import type { BatchFinishedV1, BatchRequestedV1 } from '@courier/contracts';

/** One handing-over of one batch. A replay of the batch in another epoch is another delivery. */
export interface Delivery {
  id: string;
  batchId: string;
  /** 0 outside a replay. */
  epoch: number;
  runId: string;
  exportId: string;
  connectionId: string;
  attempt: number;
  number: number;
  rows: number;
  calls: number;
  /** Of the record that brought the batch. */
  traceparent: string | null;
}

export interface NewDelivery {
  id: string;
  epoch: number;
  batch: BatchRequestedV1;
  /** Why it will not be attempted at all; null when it will. */
  refusal: string | null;
}

/** A delivery that a batch has when it is read again. */
export interface KnownDelivery {
  id: string;
  calls: number;
  /** Null while it is open. */
  outcome: BatchFinishedV1 | null;
}

/** Words for people beside the codes of rows that no call was made for, or whose fate stayed open. */
export const endDetails: Record<string, string> = {
  not_supported: 'This version of the sink adds profiles to lists and removes none.',
  run_stopped: 'The run was stopped.',
  list_not_found: 'The list does not exist in the Klaviyo account.',
  superseded: 'A newer run of the export has sent newer values to this list.',
  connection_removed: 'The connection was removed.',
  job_deadline_exceeded: 'Klaviyo did not finish the import job in time.',
};

export function endDetail(code: string): string {
  return endDetails[code] ?? code;
}
