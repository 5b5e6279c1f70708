import {
  auditSettings,
  authSettings,
  databaseSettings,
  historySettings,
  httpSettings,
  kafkaSettings,
  serviceSettings,
  stagingSettings,
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
  ...stagingSettings,
  ...historySettings,
  PORT: httpSettings.PORT.default(3003),
  KLAVIYO_API_URL: z
    .url({ protocol: /^https?$/ })
    .default('https://a.klaviyo.com')
    .describe('Where Klaviyo is; another address for the simulator or a proxy.'),
  KLAVIYO_REVISION: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}(\.pre)?$/)
    .default('2026-07-15')
    .describe('The revision of its API; another one may mean something else.'),
  KLAVIYO_QUOTA_SHARE: z.coerce
    .number()
    .gt(0)
    .max(1)
    .default(0.9)
    .describe("Part of the account's rate limits that this system may use; other integrations need the rest."),
  KLAVIYO_CALL_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(60_000)
    .default(15_000)
    .describe("A whole call, connecting and reading included. The account's lease outlives it."),
  SINK_PRIVATE_JWKS_FILE: z.string().describe('Private keys that open sealed credentials.'),
  CONNECTION_SIGNING_PUBLIC_JWKS_FILE: z
    .string()
    .describe('Public keys of connection-service; a credential that none of them signed is not used.'),
  SINK_CALLS_AT_ONCE: z.coerce
    .number()
    .int()
    .min(1)
    .max(20)
    .default(6)
    .describe('Import calls side by side for one Klaviyo account, at most.'),
  SINK_BATCHES_IN_MEMORY: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(8)
    .describe(
      'Batches in memory over all accounts while they are sent, and as many while import errors are matched; each takes up to 10 MB.',
    ),
  SINK_CALL_TRIES: z.coerce
    .number()
    .int()
    .min(1)
    .max(50)
    .default(8)
    .describe('Calls without a usable answer before rows stay unconfirmed.'),
  SINK_RETRY_BASE_MS: z.coerce
    .number()
    .int()
    .min(10)
    .max(60_000)
    .default(2_500)
    .describe('The first pause after a call that brought no usable answer; it doubles, up to 32 times of it.'),
  SINK_RECHECK_BASE_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(600_000)
    .default(30_000)
    .describe('First pause before a connection is checked again when Klaviyo was away; it doubles up to 32 times this.'),
  SINK_JOB_DEADLINE_HOURS: z.coerce
    .number()
    .min(0.01)
    .max(168)
    .default(12)
    .describe('An import job that Klaviyo has not ended by then leaves its rows unconfirmed.'),
});

export type Config = z.infer<typeof configSchema>;
