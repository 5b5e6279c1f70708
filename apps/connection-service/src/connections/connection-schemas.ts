import { connectionAccess, connectionSchema, pageQuerySchema, pageSchema, sharedConnectionSchema } from '@courier/contracts';
import { storableText } from '@courier/http';
import { z } from 'zod';
import { apiKeyPattern } from './api-key';
import { consentText } from './consent';

/** Checked by hand, so that a missing object is answered with `consent_required` and not with a missing field. */
const dataPrivacyConsent = z
  .unknown()
  .superRefine((given, context) => {
    const fields: Record<string, unknown> = typeof given === 'object' && given !== null ? { ...given } : {};
    const { accepted, ...unknown } = fields;
    const keys = Object.keys(unknown);
    if (keys.length > 0) context.addIssue({ code: 'unrecognized_keys', keys, input: fields, message: 'Unknown fields.' });
    if (accepted === true) return;
    context.addIssue({
      code: 'custom',
      path: ['accepted'],
      message: 'A connection needs the consent to transfer data.',
      params: {
        code: 'consent_required',
        remedy: `Send dataPrivacyConsent {"accepted": true} if you agree: ${consentText.text}`,
      },
    });
  })
  .meta({
    type: 'object',
    properties: { accepted: { type: 'boolean', enum: [true] } },
    required: ['accepted'],
    additionalProperties: false,
    description: consentText.text,
  });

const displayName = storableText(200);
const profileLimit = z.int().min(1);

/** Strict: a field of a later version of this API is refused by name instead of being ignored. */
export const createConnectionSchema = z
  .strictObject({
    displayName,
    type: z.literal('klaviyo'),
    apiKey: z
      .string()
      .trim()
      .regex(apiKeyPattern, 'An API key is 1 to 200 printable characters without spaces.')
      .meta({ writeOnly: true }),
    access: z.enum(connectionAccess).default('administrators'),
    dataPrivacyConsent,
    profileLimit: profileLimit.optional(),
  })
  .meta({
    example: {
      displayName: 'Our shop',
      type: 'klaviyo',
      apiKey: 'pk_0123456789abcdef',
      access: 'contributors',
      dataPrivacyConsent: { accepted: true },
    },
  });
export type CreateConnectionBody = z.infer<typeof createConnectionSchema>;

export const patchConnectionSchema = z
  .strictObject({
    displayName: displayName.optional(),
    access: z.enum(connectionAccess).optional(),
    profileLimit: profileLimit.optional(),
  })
  .refine((patch) => Object.keys(patch).length > 0, {
    message: 'Name at least one field to change.',
    when: ({ issues }) => issues.length === 0,
  })
  .meta({ example: { displayName: 'Our other shop', profileLimit: 50_000 } });
export type PatchConnectionBody = z.infer<typeof patchConnectionSchema>;

/** What becomes of the exports that use the connection: they lose it, or they go with it. Without it, a connection in use stays. */
export const removeConnectionSchema = z.strictObject({ exports: z.enum(['detach', 'remove']).optional() });
export type RemoveConnectionQuery = z.infer<typeof removeConnectionSchema>;

export const removedConnectionSchema = z
  .object({
    id: z.string(),
    state: z.literal('removed'),
    exports: z.array(z.object({ id: z.string(), name: z.string() })),
    detail: z.string(),
  })
  .meta({
    example: {
      id: '0199a2b4-0000-7000-8000-00000000000a',
      state: 'removed',
      exports: [],
      detail: 'Nothing used it. The people that it delivered stay in Klaviyo.',
    },
  });

export const listConnectionsSchema = pageQuerySchema.strict();
export type ListConnectionsQuery = z.infer<typeof listConnectionsSchema>;

export const visibleConnectionSchema = z
  .union([connectionSchema, sharedConnectionSchema])
  .meta({ example: connectionSchema.meta()?.example });
export const connectionPageSchema = pageSchema(visibleConnectionSchema);
