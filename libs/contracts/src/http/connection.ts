import { z } from 'zod';
import { accountSchema, attentionSchema, personSchema, scopesSchema } from './attention';

export const connectionStates = ['verifying', 'connected', 'needs_attention', 'removed'] as const;
export type ConnectionState = (typeof connectionStates)[number];
export const connectionAccess = ['administrators', 'contributors'] as const;

/** A connection as administrators see it. The API key is write-only: four characters and a version are all that is shown. */
const fields = z.object({
  id: z.string(),
  displayName: z.string(),
  type: z.literal('klaviyo'),
  state: z.enum(connectionStates),
  access: z.enum(connectionAccess),
  profileLimit: z.int(),
  exportUser: personSchema,
  credential: z.object({ kind: z.literal('api_key'), last4: z.string(), version: z.int() }),
  account: accountSchema.nullable(),
  scopes: scopesSchema,
  attention: attentionSchema.nullable(),
  consent: z.object({ acceptedAt: z.string(), by: personSchema, textVersion: z.string() }),
  createdAt: z.string(),
  createdBy: personSchema,
  updatedAt: z.string(),
  updatedBy: personSchema,
});
export type Connection = z.infer<typeof fields>;

const ada = { sub: 'ada', name: 'Ada' };
const at = '2026-11-24T02:15:44.000Z';
const example: Connection = {
  id: '0199a2b4-0000-7000-8000-00000000000a',
  displayName: 'Our shop',
  type: 'klaviyo',
  state: 'connected',
  access: 'contributors',
  profileLimit: 100_000,
  exportUser: ada,
  credential: { kind: 'api_key', last4: '0001', version: 1 },
  account: { id: 'ACC001', name: 'Shop' },
  scopes: { found: ['accounts:read', 'lists:read', 'lists:write', 'profiles:read', 'profiles:write'], missing: [] },
  attention: null,
  consent: { acceptedAt: at, by: ada, textVersion: '2026-11' },
  createdAt: at,
  createdBy: ada,
  updatedAt: at,
  updatedBy: ada,
};

export const connectionSchema = fields.meta({ example });

/** A shared connection as contributors see it. */
export const sharedConnectionSchema = fields.pick({ id: true, displayName: true, type: true });
export type SharedConnection = z.infer<typeof sharedConnectionSchema>;
