import { defineMessage, type MessageData } from '@courier/kernel';
import { z } from 'zod';
import { personSchema } from '../../http/attention';
import { topics } from '../../topics';

const reference = z.object({ type: z.string(), id: z.string() });
const value = z.union([z.string(), z.number()]).optional();

/**
 * Somebody changed something: told once for each change that a person asked for, not for what follows from it, nor for what was
 * refused. First version.
 */
export const auditRecordedV1 = defineMessage({
  type: 'audit.recorded.v1',
  topic: topics.auditEvents.name,
  key: (data) => data.aggregate.id,
  schema: z.looseObject({
    auditId: z.uuid(),
    recordedAt: z.iso.datetime(),
    /** As the token said; `address` is that of the HTTP client. */
    actor: personSchema.extend({ roles: z.array(z.string()), address: z.string().nullable() }),
    /** `<type of aggregate>.<past tense>`, such as `connection.changed`. */
    action: z.string().regex(/^[a-z_]+\.[a-z_]+$/),
    /** What was changed. */
    aggregate: reference,
    /** What the person said; null where no reason is asked for. */
    reason: z.string().nullable(),
    /** The fields by name. Values stand beside it only where they are neither a secret nor profile data: access, limits, states. */
    changes: z.array(z.object({ field: z.string(), from: value, to: value })),
    /** What else it concerns: of a run its export, of a copy its original. */
    related: z.array(reference),
  }),
});

export type AuditRecordedV1 = MessageData<typeof auditRecordedV1>;
