import { z } from 'zod';

/** Why a connection needs a person. */
export const attentionCodes = [
  'invalid_api_key',
  'missing_scope',
  'plan_forbidden',
  'firewall_challenge',
  'revision_retired',
  'klaviyo_unreachable',
  'account_changed',
  'export_user_gone',
] as const;

export const attentionSchema = z.object({ code: z.enum(attentionCodes), detail: z.string(), remedy: z.string() });
export type Attention = z.infer<typeof attentionSchema>;

export const accountSchema = z.object({ id: z.string(), name: z.string() });
export const scopesSchema = z.object({ found: z.array(z.string()), missing: z.array(z.string()) });
export const personSchema = z.object({ sub: z.string(), name: z.string() });
export type Person = z.infer<typeof personSchema>;
