import type { Delivery } from './delivery';
import type { Submission } from './submission';

/** What spans of a delivery say about it. */
export function deliveryAttributes({ id, batchId, runId, exportId }: Pick<Delivery, 'id' | 'batchId' | 'runId' | 'exportId'>) {
  return {
    'courier.run.id': runId,
    'courier.export.id': exportId,
    'courier.batch.id': batchId,
    'courier.delivery.id': id,
  };
}

export function submissionAttributes(submission: Submission) {
  const { deliveryId: id, jobId, rows } = submission;
  return {
    ...deliveryAttributes({ ...submission, id }),
    'courier.submission.rows': rows,
    ...(jobId === null ? {} : { 'courier.klaviyo.job.id': jobId }),
  };
}
