import { AppError } from '@courier/kernel';
import { type Attributes, context, type Link, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

export interface SpanOptions {
  attributes: Attributes;
  kind?: 'internal' | 'client' | 'producer';
  /** A kept traceparent to continue; what is active when absent. With neither, a trace begins here. */
  parent?: string | null;
  /** Kept traceparents of further work that this span serves. */
  links?: readonly (string | null)[];
}

const kinds = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT, producer: SpanKind.PRODUCER };
const LINKS_MAX = 32;
const tracerName = '@courier/telemetry';

/**
 * The active span in W3C's form, to be kept with a row: whoever takes the row up later, in whatever process, goes on in the same trace.
 * Null outside of every trace.
 */
export function currentTraceparent(): string | null {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent ?? null;
}

/** Runs `work` as one span, which ends with it. Names and attributes hold ids and kinds, never a profile value. */
export async function inSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  const { attributes, kind = 'internal', parent = null, links = [] } = options;
  const linked = links.slice(0, LINKS_MAX).flatMap(linkTo);
  const tracer = trace.getTracer(tracerName);
  return tracer.startActiveSpan(name, { kind: kinds[kind], attributes, links: linked }, contextOf(parent), async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute('error.type', errorType(error));
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Runs `work` in the trace of a kept row without a span of its own; inside that trace already, nothing changes. */
export function inTrace<T>(traceparent: string | null, work: () => T): T {
  const kept = contextOf(traceparent);
  const isInside = traceIdOf(kept) === traceIdOf(context.active());
  return isInside ? work() : context.with(kept, work);
}

/** A callback that runs in today's trace, whoever calls it later. */
export function bindToTrace<A extends unknown[], R>(callback: (...parameters: A) => R): (...parameters: A) => R {
  return context.bind(context.active(), callback);
}

function contextOf(traceparent: string | null) {
  return traceparent === null ? context.active() : propagation.extract(context.active(), { traceparent });
}

function traceIdOf(of: ReturnType<typeof context.active>): string | undefined {
  return trace.getSpanContext(of)?.traceId;
}

function linkTo(traceparent: string | null): Link[] {
  const linked = traceparent === null ? undefined : trace.getSpanContext(contextOf(traceparent));
  return linked === undefined ? [] : [{ context: linked }];
}

/** A word for grouping: texts of errors quote data. */
function errorType(error: unknown): string {
  if (error instanceof AppError) return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
