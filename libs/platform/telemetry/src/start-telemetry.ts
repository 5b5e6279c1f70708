import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { getNumberFromEnv, W3CTraceContextPropagator } from '@opentelemetry/core';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { AlwaysOffSampler, BatchSpanProcessor, TracerProvider, type TracerProviderOptions } from '@opentelemetry/sdk-trace';
import { CleaningSpanExporter } from './cleaning-span-exporter';
import { keepRunning } from './running-telemetry';

/** PostgreSQL or Kafka may be away: what they would say is left out, the rest is shown. */
const SCRAPE_MAX_MS = 3_000;

/**
 * Called by an app's instrument.ts, the first import of its main.ts: the instrumentations patch modules as they are loaded.
 * Metrics are always collected; spans are recorded and sent only where OTEL_EXPORTER_OTLP_ENDPOINT says where to. Without it
 * trace ids still exist, so that logs of one request can be found together.
 */
export function startTelemetry({ serviceName }: { serviceName: string }): void {
  const reader = new PrometheusExporter({ preventServerStart: true });
  // Nothing is detected: that would show the command line and the user's name at /metrics.
  const resource = defaultResource().merge(resourceFromAttributes({ 'service.name': serviceName }));
  const meterProvider = new MeterProvider({ resource, readers: [reader] });
  const tracerProvider = new TracerProvider({ resource, ...tracing(process.env.OTEL_EXPORTER_OTLP_ENDPOINT) });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  // No baggage: what a caller writes there would go on into our rows, our topics and the calls that we make.
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  metrics.setGlobalMeterProvider(meterProvider);
  trace.setGlobalTracerProvider(tracerProvider);
  registerInstrumentations({
    instrumentations: [
      new HttpInstrumentation({ ignoreIncomingRequestHook: (request) => /^\/(health|metrics)\b/.test(request.url ?? '') }),
      // Without a parent it is polling, which would drown everything else.
      new PgInstrumentation({ requireParentSpan: true }),
    ],
  });
  keepRunning({
    renderMetrics: async () => {
      const { resourceMetrics } = await reader.collect({ timeoutMillis: SCRAPE_MAX_MS });
      return new PrometheusSerializer().serialize(resourceMetrics);
    },
    // Spans that the collector does not take are lost; that must not fail a shutdown.
    stop: () => Promise.allSettled([tracerProvider.shutdown(), meterProvider.shutdown()]),
  });
}

function tracing(endpoint: string | undefined): TracerProviderOptions {
  if (endpoint !== undefined && endpoint.trim() !== '') {
    const exporter = new CleaningSpanExporter(new OTLPTraceExporter());
    const scheduledDelayMillis = getNumberFromEnv('OTEL_BSP_SCHEDULE_DELAY');
    return { spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis })] };
  }
  return { sampler: new AlwaysOffSampler() };
}
