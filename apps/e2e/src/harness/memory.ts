import type { ServiceName } from '@courier/stack';
import { readFileSync } from 'node:fs';

export const services = ['connection-service', 'export-orchestrator', 'klaviyo-sink'] as const satisfies readonly ServiceName[];
export type Service = (typeof services)[number];

/** What a service may need at most, also with a backlog that it cannot send: docs/reliability.md has what was measured. */
export const memoryMaxMb: Readonly<Record<Service, number>> = {
  'connection-service': 250,
  'export-orchestrator': 350,
  'klaviyo-sink': 400,
};

/** The most memory that a process ever had, in MB. */
export function peakMemoryMb(pid: number): number {
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(found) / 1_024);
}
