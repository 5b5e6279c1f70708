import { defineMessage, type MessageData } from '@courier/kernel';
import { z } from 'zod';
import { topics } from '../../topics';

/** Start no further batch of this run; batches already accepted by Klaviyo are still followed to their end. First version. */
export const runStoppedV1 = defineMessage({
  type: 'klaviyo.run-stopped.v1',
  topic: topics.batches.name,
  key: (data) => data.connectionId,
  schema: z.looseObject({
    runId: z.uuid(),
    exportId: z.uuid(),
    connectionId: z.uuid(),
    reason: z.string().min(1).max(100),
    stoppedAt: z.iso.datetime(),
  }),
});

export type RunStoppedV1 = MessageData<typeof runStoppedV1>;
