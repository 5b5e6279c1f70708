import { z } from 'zod';
import { ConfigError } from './config-error';

/** `true` or `false`, nothing looser: `KAFKA_SSL=no` must not turn TLS on. */
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

const broker = /^[A-Za-z0-9._-]+:\d{1,5}$/;

export const kafkaSettings = {
  KAFKA_BROKERS: z
    .string()
    .transform((value) => value.split(',').map((entry) => entry.trim()))
    .refine((brokers) => brokers.every((entry) => broker.test(entry)), 'must be host:port, separated by commas')
    .describe('host:port, separated by commas.'),
  KAFKA_SSL: flag.default(false).describe('TLS to the brokers.'),
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
    .optional()
    .describe('`plain`, `scram-sha-256` or `scram-sha-512`; with user name and password, or none of the three.'),
  KAFKA_SASL_USERNAME: z.string().optional().describe('Goes with the mechanism.'),
  KAFKA_SASL_PASSWORD: z.string().optional().describe('Goes with the mechanism.'),
  KAFKA_CREATE_TOPICS: flag.default(false).describe('Creates missing topics at start; off where somebody else owns the broker.'),
  REPLAY_MAX_RECORDS: z.coerce
    .number()
    .int()
    .min(1)
    .default(10_000)
    .describe('A replay of more records than this, begun by ops replay start, has to be approved.'),
  TOPIC_RETENTION_HOURS: z.coerce
    .number()
    .int()
    .min(1)
    .max(87_600)
    .default(720)
    .describe('How long topics that are created keep their records; compacted ones keep the newest of each key.'),
};

export const databaseSettings = {
  DATABASE_URL: z
    .string()
    .refine((value) => /^postgres(ql)?:\/\/\S+$/.test(value), 'must be a postgres:// URL')
    .describe('`postgres://` address of the database of this service, with a role of its own.'),
};

const port = z.coerce.number().int().min(0).max(65_535);

export const httpSettings = {
  PORT: port.describe('0 takes any free port.'),
  HOST: z.string().default('127.0.0.1').describe('The address to listen on; a container sets 0.0.0.0.'),
};

/** Who can answer in the issuer's place can let in anybody; on this machine's own addresses there is no way to stand on. */
function isPrivate(uri: string): boolean {
  const { protocol, hostname } = new URL(uri);
  return protocol === 'https:' || hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

export const authSettings = {
  AUTH_JWKS_URI: z
    .url({ protocol: /^https?$/, abort: true })
    .refine(isPrivate, 'must be https, except on this machine')
    .optional()
    .describe(
      'Where the public keys of the token issuer are read, by https except on this machine; this, with issuer and audience, or AUTH_JWKS_FILE.',
    ),
  AUTH_JWKS_FILE: z.string().optional().describe('A file with those keys.'),
  AUTH_ISSUER: z
    .string()
    .optional()
    .describe('What `iss` of a token must be; required with AUTH_JWKS_URI, any where it is not set.'),
  AUTH_AUDIENCE: z
    .string()
    .optional()
    .describe('What `aud` of a token must hold; required with AUTH_JWKS_URI, anything where it is not set.'),
};

export const telemetrySettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where traces go; none are exported without it. Read by the OpenTelemetry exporter itself, checked here.'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('The least level that is logged.'),
};

export const environmentSettings = {
  ENVIRONMENT_ID: z
    .string()
    .min(1)
    .max(200)
    .default('dev')
    .describe('The Customer Insights environment that this deployment serves.'),
};

const days = z.coerce.number().int().min(1).max(36_500);

export const auditSettings = {
  AUDIT_DAYS: days.default(730).describe('How long this service keeps what its audit recorded; the topic forgets sooner.'),
};

export const historySettings = {
  HISTORY_DAYS: days
    .default(180)
    .describe(
      'How long what has ended stays to be looked at; longer where a replay could still ask for it, or something goes on from it.',
    ),
};

export const stagingSettings = {
  STAGING_URI: z
    .url({ protocol: /^file$/ })
    .startsWith('file:///', 'must be a file:/// URI')
    .describe('The folder that the orchestrator and the sink share.'),
  STAGING_KEY_FILE: z
    .string()
    .min(1)
    .describe('A file with 32 bytes in base64, a line for each key: the first one writes, all of them read. Both read the same.'),
  STAGING_DAYS: z.coerce
    .number()
    .min(1)
    .max(3_650)
    .default(30)
    .describe('How long staged objects are kept and batches can be sent again; at least as long as topics keep their records.'),
};

interface TogetherRule {
  name: string;
  holds: (given: Record<string, unknown>) => boolean;
  reason: string;
}

const authRules: TogetherRule[] = [
  {
    name: 'AUTH_JWKS_URI',
    holds: (given) => (given.AUTH_JWKS_URI === undefined) !== (given.AUTH_JWKS_FILE === undefined),
    reason: 'exactly one of AUTH_JWKS_URI and AUTH_JWKS_FILE is required',
  },
  // An issuer that keeps its keys at an address signs tokens for others too: without these two, theirs would be taken for ours.
  ...['AUTH_ISSUER', 'AUTH_AUDIENCE'].map((name): TogetherRule => ({
    name,
    holds: (given) => given.AUTH_JWKS_URI === undefined || given[name] !== undefined,
    reason: 'is required with AUTH_JWKS_URI',
  })),
];

const togetherRules: TogetherRule[] = [
  ...authRules,
  {
    name: 'KAFKA_SASL_MECHANISM',
    holds: (given) =>
      [given.KAFKA_SASL_MECHANISM, given.KAFKA_SASL_USERNAME, given.KAFKA_SASL_PASSWORD].every(
        (value, _index, all) => (value === undefined) === (all[0] === undefined),
      ),
    reason: 'KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD are given together or not at all',
  },
];

/**
 * The schema of one service's environment: its shape and the rules between settings. The rules run even when single settings are
 * bad (`when`), because all bad ones are reported at once.
 */
export function serviceSettings<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const rules = togetherRules.filter(({ name }) => name in shape);
  return z.object(shape).superRefine(
    (given, context) => {
      for (const { name, holds, reason } of rules) {
        if (!holds(given as Record<string, unknown>)) context.addIssue({ code: 'custom', path: [name], message: reason });
      }
    },
    { when: () => true },
  );
}

export interface KafkaSettings {
  brokers: string[];
  ssl: boolean;
  sasl?: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string };
}

export function toKafkaSettings(config: z.infer<z.ZodObject<typeof kafkaSettings>>): KafkaSettings {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = config;
  const base = { brokers: config.KAFKA_BROKERS, ssl: config.KAFKA_SSL };
  if (mechanism === undefined || username === undefined || password === undefined) return base;
  return { ...base, sasl: { mechanism, username, password } };
}

/** Whose tokens are believed: the keys, and what `iss` and `aud` must say where that is configured. */
export interface AuthSettings {
  keys: { uri: string } | { file: string };
  issuer?: string;
  audience?: string;
}

export function toAuthSettings(config: z.infer<z.ZodObject<typeof authSettings>>): AuthSettings {
  const { AUTH_JWKS_URI: uri, AUTH_JWKS_FILE: file, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = config;
  const broken = authRules.filter(({ holds }) => !holds(config));
  const keys = uri !== undefined ? { uri } : file !== undefined ? { file } : null;
  if (keys === null || broken.length > 0) throw new ConfigError(broken.map(({ name, reason }) => ({ name, reason })));
  return { keys, ...(issuer === undefined ? {} : { issuer }), ...(audience === undefined ? {} : { audience }) };
}
