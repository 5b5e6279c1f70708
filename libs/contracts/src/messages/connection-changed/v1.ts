import { defineMessage, type MessageData } from '@courier/kernel';
import { z } from 'zod';
import { accountSchema, attentionSchema, personSchema } from '../../http/attention';
import { connectionAccess, connectionStates } from '../../http/connection';
import { topics } from '../../topics';

/** The whole state of a connection after its latest change. First version. */
export const connectionChangedV1 = defineMessage({
  type: 'connection.changed.v1',
  topic: topics.connections.name,
  key: (data) => data.connectionId,
  schema: z.looseObject({
    connectionId: z.uuid(),
    /** Grows with every change; a reader keeps the highest. */
    version: z.int().min(1),
    state: z.enum(connectionStates),
    displayName: z.string(),
    type: z.literal('klaviyo'),
    access: z.enum(connectionAccess),
    profileLimit: z.int().min(1),
    exportUser: personSchema,
    account: accountSchema.nullable(),
    attention: attentionSchema.nullable(),
    /** A JWE (compact) around a JWS over {connectionId, version, apiKey}; null once removed. */
    credential: z.object({ version: z.int().min(1), sealed: z.string() }).nullable(),
    /** The check that the owner waits for; null when none is under way. */
    verification: z.object({ id: z.uuid(), requestedAt: z.iso.datetime() }).nullable(),
    /** Of a removed connection: what becomes of the exports that use it. They lose it where nothing is said. */
    exports: z.enum(['detach', 'remove']).optional(),
    changedAt: z.iso.datetime(),
  }),
});

export type ConnectionChangedV1 = MessageData<typeof connectionChangedV1>;
