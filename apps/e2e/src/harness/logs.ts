import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stack } from './stack';

export interface LogLine {
  service: string;
  level: string;
  time: string;
  msg: string;
  runId?: string;
  exportId?: string;
  trace_id?: string;
  [field: string]: unknown;
}

/** What the services' log files say about a run, in order of time. */
export function storyOf(runId: string): LogLine[] {
  return linesWith('runId', runId);
}

/** The lines of all services whose field has the value, in order of time. */
export function linesWith(field: string, value: unknown): LogLine[] {
  const { logs, services } = stack();
  const files = readdirSync(logs).filter((file) => Object.keys(services).some((service) => file.startsWith(service)));
  // What comes after the last line end is still being written.
  const lines = files.flatMap((file) => readFileSync(join(logs, file), 'utf8').split('\n').slice(0, -1));
  const about = lines
    .filter((line) => line.startsWith('{') && line.includes(String(value)))
    .map((line) => JSON.parse(line) as LogLine);
  return about.filter((line) => line[field] === value).sort((left, right) => left.time.localeCompare(right.time));
}
