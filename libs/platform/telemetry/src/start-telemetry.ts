import { metrics, type Meter } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK, type NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import { CleaningSpanExporter } from './cleaning-span-exporter';

interface Running {
  sdk: NodeSDK;
  reader: PrometheusExporter;
}

/** PostgreSQL or Kafka may be away: what they would say is left out, the rest is shown. */
const SCRAPE_MAX_MS = 3_000;

/** One per process: OpenTelemetry's providers are global. */
let running: Running | undefined;

/**
 * Called by an app's instrument.ts, the first import of its main.ts: the instrumentations patch modules as they are loaded.
 * Metrics are always collected; spans are recorded and sent only where OTEL_EXPORTER_OTLP_ENDPOINT says where to. Without it
 * trace ids still exist, so that logs of one request can be found together.
 */
export function startTelemetry({ serviceName }: { serviceName: string }): { shutdown(): Promise<void> } {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const sdk = new NodeSDK({
    serviceName,
    // Detected resources hold the command line and the user's name, and /metrics would show them.
    autoDetectResources: false,
    metricReaders: [reader],
    logRecordProcessors: [],
    instrumentations: [
      new HttpInstrumentation({ ignoreIncomingRequestHook: (request) => /^\/(health|metrics)\b/.test(request.url ?? '') }),
      // Without a parent it is polling, which would drown everything else.
      new PgInstrumentation({ requireParentSpan: true }),
    ],
    ...tracing(process.env.OTEL_EXPORTER_OTLP_ENDPOINT),
  });
  sdk.start();
  running = { sdk, reader };
  return { shutdown: stopTelemetry };
}

export async function stopTelemetry(): Promise<void> {
  const stopping = running;
  running = undefined;
  // Spans that the collector does not take are lost; that must not fail a shutdown.
  await stopping?.sdk.shutdown().catch(() => undefined);
}

function tracing(endpoint: string | undefined): Partial<NodeSDKConfiguration> {
  if (endpoint !== undefined && endpoint.trim() !== '') {
    return { traceExporter: new CleaningSpanExporter(new OTLPTraceExporter()) };
  }
  const notRecorded = 0;
  return {
    sampler: { shouldSample: () => ({ decision: notRecorded }), toString: () => 'IdsOnly' },
    // NodeSDK makes no tracer provider, and then no ids, without a processor.
    spanProcessors: [
      {
        onStart: () => undefined,
        onEnd: () => undefined,
        forceFlush: () => Promise.resolve(),
        shutdown: () => Promise.resolve(),
      },
    ],
  };
}

/** All metrics in Prometheus' text format; empty where telemetry was not started. */
export async function renderMetrics(): Promise<string> {
  if (running === undefined) return '';
  const { resourceMetrics } = await running.reader.collect({ timeoutMillis: SCRAPE_MAX_MS });
  return new PrometheusSerializer().serialize(resourceMetrics);
}

export function meter(name: string): Meter {
  return metrics.getMeter(name);
}
