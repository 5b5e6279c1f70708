import { defineMessage, derivedId, type MessageData } from '@courier/kernel';
import { z } from 'zod';
import { topics } from '../../topics';

/**
 * An operator rewound `klaviyo.batches`, the range was read to its end, and this is how much of one run is sent again. Outcomes with
 * the same epoch come before and after it. First version.
 */
export const runReplayedV1 = defineMessage({
  type: 'klaviyo.run-replayed.v1',
  topic: topics.outcomes.name,
  key: (data) => data.runId,
  schema: z.looseObject({
    runId: z.uuid(),
    exportId: z.uuid(),
    epoch: z.int().min(1),
    /** Who announced the rewind and why; null after a reset with the stock tool. */
    actor: z.string().nullable(),
    reason: z.string().nullable(),
    /** Batches that have or will have an outcome with this epoch, and their rows. */
    batches: z.int().min(1),
    rows: z.int().min(1),
    at: z.iso.datetime(),
  }),
});

export type RunReplayedV1 = MessageData<typeof runReplayedV1>;

/** The id of the run that carries what is sent again of a run in an epoch: who stops that run names it so. */
export function resentRunId(runId: string, epoch: number): string {
  return derivedId('resent run', runId, epoch);
}
