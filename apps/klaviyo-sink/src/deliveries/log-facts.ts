import type { BatchFinishedV1 } from '@courier/contracts';
import type { Submission } from './submission';

/** What log lines say about an import call, so that a run's story can be read by its id. */
export function submissionFacts(submission: Submission) {
  const { runId, exportId, connectionId, batchId, deliveryId, number, rows, jobId } = submission;
  return { runId, exportId, connectionId, batchId, deliveryId, batchNumber: number, rows, jobId };
}

export function outcomeFacts({ runId, exportId, batchId, deliveryId, number, counts, attempts, error }: BatchFinishedV1) {
  return { runId, exportId, batchId, deliveryId, batchNumber: number, ...counts, attempt: attempts, code: error?.code };
}
