import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stackDir } from './stack';

export interface ExportedSpan {
  service: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: Record<string, string | number>;
}

/** Every span that the stack's services exported so far. */
export function spans(): ExportedSpan[] {
  const file = join(stackDir(), 'telemetry', 'spans.ndjson');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as ExportedSpan);
}

export function spansOf(traceId: string): ExportedSpan[] {
  return spans().filter((span) => span.traceId === traceId);
}

/** From the span up to the one that came from outside or has no parent. */
export function ancestry(span: ExportedSpan, all: readonly ExportedSpan[]): ExportedSpan[] {
  const byId = new Map(all.map((known) => [known.spanId, known]));
  const chain = [span];
  for (let at = byId.get(span.parentSpanId ?? ''); at !== undefined; at = byId.get(at.parentSpanId ?? '')) chain.push(at);
  return chain;
}
