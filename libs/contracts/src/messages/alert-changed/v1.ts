import { defineMessage, type MessageData } from '@courier/kernel';
import { z } from 'zod';
import { runReasonSchema } from '../../http/run';
import { topics } from '../../topics';

export const alertKinds = [
  /** A run failed for good, its deadline included. */
  'run_failed',
  /** A run was skipped for a reason that somebody should know: upstream, the profile limit, a lost permission. */
  'run_skipped',
  /** More people of a run than the threshold were invalid, rejected or unconfirmed. */
  'run_partly_failed',
  'export_needs_attention',
  'connection_needs_attention',
  /** A service reads no more of a partition before an operator has decided. */
  'partition_paused',
  /** Several refreshes of a segment in a row were not above the newest sequence known. */
  'refreshes_stale',
] as const;

/**
 * Something needs a person, or does not any more. Told once for each change of state: while the same thing goes on for the same
 * reason, nothing more comes. First version.
 */
export const alertChangedV1 = defineMessage({
  type: 'alert.changed.v1',
  topic: topics.alerts.name,
  key: (data) => data.exportId ?? data.connectionId ?? data.alertId,
  schema: z.looseObject({
    /** The same from the first `raised` to `cleared`. */
    alertId: z.uuid(),
    kind: z.enum(alertKinds),
    state: z.enum(['raised', 'cleared']),
    /** What the alert is about: an export, a connection, a partition or a segment. */
    exportId: z.uuid().nullable(),
    connectionId: z.uuid().nullable(),
    partition: z.object({ service: z.string(), topic: z.string(), partition: z.int() }).optional(),
    segmentId: z.string().optional(),
    /** The run that raised or cleared it. */
    runId: z.uuid().nullable(),
    /** Why it was raised. */
    reason: runReasonSchema,
    changedAt: z.iso.datetime(),
  }),
});

export type AlertChangedV1 = MessageData<typeof alertChangedV1>;
