// Beside the agreed API: serviceLogger(options) is what main.ts hands to NestFactory.create, exitOnFailure(error) ends a failed
// start, renderMetrics() is what the http lib serves at /metrics. Log with Nest's Logger: logger.warn('constant text', { runId,
// err: error }); only fields of `logFields` are written.
export { allowFields, logFields, type LogFields } from './allow-list';
export { exitOnFailure } from './exit-on-failure';
export type { LoggingOptions } from './pino-options';
export { durations, type GaugeDescription, meter, onScrape, type Reading } from './instruments';
export { nameRoute } from './name-route';
export { renderMetrics, stopTelemetry } from './running-telemetry';
export { safeError, type SafeError } from './safe-error';
export { ServiceLogger, serviceLogger } from './service-logger';
export { TelemetryModule } from './telemetry.module';
export { bindToTrace, currentTraceparent, inSpan, inTrace, type SpanOptions } from './tracing';
