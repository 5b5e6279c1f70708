import { defineMessage, type MessageData } from '@courier/kernel';
import { z } from 'zod';
import { topics } from '../../topics';

/** A run's batches wait at the sink, or (with `waiting` null) wait no longer. First version. */
export const runWaitingV1 = defineMessage({
  type: 'klaviyo.run-waiting.v1',
  topic: topics.outcomes.name,
  key: (data) => data.runId,
  schema: z.looseObject({
    runId: z.uuid(),
    exportId: z.uuid(),
    waiting: z.object({ reason: z.string(), since: z.iso.datetime(), until: z.iso.datetime().nullable() }).nullable(),
    at: z.iso.datetime(),
    /** The operator's rewind of `klaviyo.batches` whose batches of the run wait; absent outside a replay. */
    epoch: z.int().min(1).optional(),
  }),
});

export type RunWaitingV1 = MessageData<typeof runWaitingV1>;
