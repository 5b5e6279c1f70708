import { defineMessage, type MessageData } from '@courier/kernel';
import { z } from 'zod';
import { accountSchema, attentionSchema, scopesSchema } from '../../http/attention';
import { topics } from '../../topics';

/**
 * The sink tried a connection's credential at Klaviyo, or learned during a delivery that it no longer works
 * (`verificationId` is null then). First version.
 */
export const connectionCheckedV1 = defineMessage({
  type: 'klaviyo.connection-checked.v1',
  topic: topics.connectionChecks.name,
  key: (data) => data.connectionId,
  schema: z.looseObject({
    connectionId: z.uuid(),
    verificationId: z.uuid().nullable(),
    credentialVersion: z.int().min(1),
    result: z.enum(['ok', 'failed']),
    account: accountSchema.nullable(),
    scopes: scopesSchema,
    /** What is wrong and what a person can do; null when `result` is `ok`. */
    problem: attentionSchema.nullable(),
    checkedAt: z.iso.datetime(),
  }),
});

export type ConnectionCheckedV1 = MessageData<typeof connectionCheckedV1>;
