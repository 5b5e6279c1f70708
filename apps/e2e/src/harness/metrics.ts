import { fetchAnew } from '@courier/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceUrl, type ServiceName } from './stack';

const letters: Record<string, ServiceName> = { C: 'connection-service', O: 'export-orchestrator', K: 'klaviyo-sink' };

export interface ListedMetric {
  /** As Prometheus shows it, without the endings of its type. */
  name: string;
  type: string;
  services: ServiceName[];
}

/** The rows of docs/metrics.md. */
export function listedMetrics(): ListedMetric[] {
  const table = readFileSync(join(__dirname, '../../../../docs/metrics.md'), 'utf8');
  const rows = [...table.matchAll(/^\| `([\w.]+)`\s*\| (\w+), \S+\s*\| ([COK ]+?)\s*\|/gm)];
  return rows.map(([, name = '', type = '', services = '']) => ({
    name: name.replaceAll('.', '_'),
    type,
    services: services.split(' ').flatMap((letter) => letters[letter] ?? []),
  }));
}

export async function scrape(service: ServiceName): Promise<string> {
  const response = await fetchAnew(`${serviceUrl(service)}/metrics`);
  if (!response.ok) throw new Error(`/metrics of ${service} answered ${response.status}`);
  return response.text();
}

/** Names of what was measured, as `# TYPE` gives them, without the ending of counters. */
export function measured(metrics: string): Set<string> {
  return new Set([...metrics.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name.replace(/_total$/, '')));
}
