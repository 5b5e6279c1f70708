import { ConfigError, environmentSettings, flag, kafkaSettings, loadConfig, type KafkaSettings } from '@courier/config';
import { z } from 'zod';
import { OpsError, usageError } from './ops-error';
import { exitCodes } from './exit-codes';
import type { StackFile } from './stack-file';

// Where the services are and who asks: from the file of the running embedded stack, else from OPS_* settings. Each command names what
// it needs, so that somebody without access to Kafka can still list runs; all bad settings are reported at once, needed or not.

const serviceUrl = z.url({ protocol: /^https?$/ });

const shape = {
  OPS_CONNECTION_SERVICE_URL: serviceUrl,
  OPS_EXPORT_ORCHESTRATOR_URL: serviceUrl,
  OPS_KLAVIYO_SINK_URL: serviceUrl,
  /** A bearer token without the word Bearer. */
  OPS_TOKEN: z.string().refine((value) => /^\S+$/.test(value), 'must be a token without spaces'),
  OPS_KAFKA_BROKERS: kafkaSettings.KAFKA_BROKERS,
  OPS_KAFKA_SSL: flag,
  OPS_KAFKA_SASL_MECHANISM: kafkaSettings.KAFKA_SASL_MECHANISM.unwrap(),
  OPS_KAFKA_SASL_USERNAME: z.string(),
  OPS_KAFKA_SASL_PASSWORD: z.string(),
  OPS_ENVIRONMENT_ID: environmentSettings.ENVIRONMENT_ID.unwrap(),
};

type Known = z.infer<z.ZodObject<typeof shape>>;
export type SettingName = keyof Known;
export type OpsSettings<Needed extends SettingName> = Pick<Known, Needed> & Partial<Known>;

export interface SettingsSource {
  env: NodeJS.ProcessEnv;
  stackDir: string;
  /** The running stack of that folder; it wins over the environment. */
  stack: StackFile | null;
}

export interface LoadedSettings<Needed extends SettingName> {
  settings: OpsSettings<Needed>;
  /** Something that the operator should know about where the settings came from. */
  note: string | null;
}

export function loadSettings<const Needed extends SettingName>(
  needed: readonly Needed[],
  { env, stackDir, stack }: SettingsSource,
): LoadedSettings<Needed> {
  try {
    const settings = loadConfig(schemaFor(needed), stack === null ? env : settingsOfStack(stack)) as OpsSettings<Needed>;
    const ignored = stack === null ? [] : Object.keys(shape).filter((name) => env[name]);
    return {
      settings,
      note: ignored.length === 0 ? null : `Using the stack in ${stackDir}; not used: ${ignored.join(', ')}.`,
    };
  } catch (error) {
    if (error instanceof ConfigError) throw badSettings(error, stackDir);
    throw error;
  }
}

function badSettings({ settings }: ConfigError, stackDir: string): OpsError {
  return new OpsError({
    code: 'bad_settings',
    what: 'Nobody said where the services are, or not well.',
    why: `No stack is running in ${stackDir}, and these settings are missing or bad.`,
    findings: settings.map(({ name, reason }) => `${name} ${reason}`),
    remedy: 'Run npm start (with the same STACK_DIR), or set them for the services that you mean.',
    exitCode: exitCodes.usage,
  });
}

function schemaFor(needed: readonly SettingName[]) {
  const entries = Object.entries(shape).map(([name, schema]) => {
    return [name, (needed as readonly string[]).includes(name) ? schema : schema.optional()] as const;
  });
  return z.object(Object.fromEntries(entries));
}

function settingsOfStack({ services, kafkaBrokers, environmentId, operatorToken }: StackFile): NodeJS.ProcessEnv {
  return {
    OPS_CONNECTION_SERVICE_URL: services['connection-service']?.url,
    OPS_EXPORT_ORCHESTRATOR_URL: services['export-orchestrator']?.url,
    OPS_KLAVIYO_SINK_URL: services['klaviyo-sink']?.url,
    OPS_TOKEN: operatorToken,
    OPS_KAFKA_BROKERS: kafkaBrokers,
    OPS_ENVIRONMENT_ID: environmentId,
  };
}

export function kafkaSettingsOf(settings: OpsSettings<'OPS_KAFKA_BROKERS'>): KafkaSettings {
  const base = { brokers: settings.OPS_KAFKA_BROKERS, ssl: settings.OPS_KAFKA_SSL ?? false };
  const { OPS_KAFKA_SASL_MECHANISM: mechanism, OPS_KAFKA_SASL_USERNAME: username, OPS_KAFKA_SASL_PASSWORD: password } = settings;
  if (mechanism === undefined && username === undefined && password === undefined) return base;
  if (mechanism !== undefined && username !== undefined && password !== undefined) {
    return { ...base, sasl: { mechanism, username, password } };
  }
  throw usageError(
    'The settings for Kafka cannot be used.',
    'OPS_KAFKA_SASL_MECHANISM, OPS_KAFKA_SASL_USERNAME and OPS_KAFKA_SASL_PASSWORD are given together or not at all.',
  );
}
