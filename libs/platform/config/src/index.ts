// Settings from the environment. Beside the shapes there is serviceSettings(shape): z.object(shape) plus the rules between
// settings (exactly one JWKS source, complete SASL), reported in the same error as everything else.
export { ConfigError, type BadSetting } from './config-error';
export { loadConfig } from './load-config';
export {
  auditSettings,
  authSettings,
  databaseSettings,
  environmentSettings,
  flag,
  historySettings,
  httpSettings,
  kafkaSettings,
  serviceSettings,
  stagingSettings,
  telemetrySettings,
  toAuthSettings,
  toKafkaSettings,
  type AuthSettings,
  type KafkaSettings,
} from './settings';
