import { trace } from '@opentelemetry/api';
import type { LoggerOptions } from 'pino';
import { allowFields } from './allow-list';
import { safeError } from './safe-error';
import { scrubText } from './scrub-text';

export interface LoggingOptions {
  serviceName: string;
  level: string;
}

/**
 * pino behind two gates. `logMethod` sees every call of every logger, child and request logger, and reduces texts and errors.
 * `streamWrite` sees every finished line, and so also what child loggers bind; it passes on only listed fields.
 */
export function pinoOptions({ serviceName, level }: LoggingOptions): LoggerOptions {
  return {
    level,
    base: { service: serviceName },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    mixin: traceIds,
    serializers: { err: (error: unknown) => error },
    hooks: {
      logMethod(args, method) {
        const { fields, text } = safeEntry(args as unknown[]);
        method.call(this, fields, text);
      },
      streamWrite: allowLine,
    },
  };
}

/** `err` was made by safeError in logMethod; one that a child logger bound was not, and is not let through. */
function allowLine(line: string): string {
  const { level, time, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const { frames, ...known } = typeof err === 'object' && err !== null ? (err as Record<string, unknown>) : {};
  return `${JSON.stringify({ level, time, ...allowFields(fields), msg, ...(Array.isArray(frames) ? { err: { ...known, frames } } : {}) })}\n`;
}

/** pino's calls are `(text, …)`, `(fields, text, …)` and `(error, text, …)`; values to interpolate are not used. */
export function safeEntry([first, second]: unknown[]): { fields: object; text: string } {
  const text = typeof second === 'string' ? second : undefined;
  if (typeof first === 'string') return { fields: {}, text: scrubText(first) };
  if (first instanceof Error) return { fields: { err: safeError(first) }, text: scrubText(text ?? 'Error') };
  if (typeof first !== 'object' || first === null) return { fields: {}, text: scrubText(text ?? '') };
  const error: unknown = 'err' in first ? first.err : 'error' in first ? first.error : undefined;
  return {
    fields: { ...allowFields(first), ...(error === undefined || error === null ? {} : { err: safeError(error) }) },
    text: scrubText(text ?? ''),
  };
}

function traceIds(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
}
