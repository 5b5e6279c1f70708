import { defineMessage, type MessageData } from '@courier/kernel';
import { z } from 'zod';
import { topics } from '../../topics';
import { stagedObjectSchema } from '../batch-requested/v1';

const rows = z.int().min(0);

/** What became of every row of a batch; the four counts add up to its rows. First version. */
export const batchFinishedV1 = defineMessage({
  type: 'klaviyo.batch-finished.v1',
  topic: topics.outcomes.name,
  key: (data) => data.runId,
  schema: z.looseObject({
    deliveryId: z.uuid(),
    batchId: z.uuid(),
    runId: z.uuid(),
    exportId: z.uuid(),
    attempt: z.int().min(1),
    number: z.int().min(1),
    counts: z.object({ accepted: rows, rejected: rows, unconfirmed: rows, notAttempted: rows }),
    /** Rejected rows by Klaviyo's error code. */
    rejectedReasons: z.record(z.string(), rows),
    /** Staged lines for the rows that were not accepted; null when all were, or when none was and `error` says why for all. */
    results: stagedObjectSchema.nullable(),
    /** Klaviyo's import jobs, in the order in which they were created. */
    jobIds: z.array(z.string()),
    /** Calls that tried to hand over rows of this batch. */
    attempts: z.int().min(0),
    /** Why rows stayed unconfirmed or were not attempted. `list_not_found` ends the run. */
    error: z.object({ code: z.string(), detail: z.string() }).nullable(),
    finishedAt: z.iso.datetime(),
    /** The operator's rewind of `klaviyo.batches` that this delivery belongs to; absent outside a replay. */
    epoch: z.int().min(1).optional(),
  }),
});

export type BatchFinishedV1 = MessageData<typeof batchFinishedV1>;
