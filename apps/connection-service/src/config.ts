import {
  auditSettings,
  authSettings,
  databaseSettings,
  httpSettings,
  kafkaSettings,
  serviceSettings,
  telemetrySettings,
} from '@courier/config';
import { z } from 'zod';

export const configSchema = serviceSettings({
  ...kafkaSettings,
  ...databaseSettings,
  ...httpSettings,
  ...authSettings,
  ...auditSettings,
  ...telemetrySettings,
  PORT: httpSettings.PORT.default(3001),
  SINK_PUBLIC_JWKS_FILE: z.string().describe('Public keys that API keys are sealed to; only the sink holds the private halves.'),
  CONNECTION_SIGNING_PRIVATE_JWKS_FILE: z
    .string()
    .describe('Our signing key, so that nobody who can merely write to the topic can bring in a credential.'),
  PROFILE_LIMIT_CEILING: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(1_000_000)
    .describe('The highest profileLimit that an administrator may set.'),
});

export type Config = z.infer<typeof configSchema>;
