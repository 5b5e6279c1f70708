import type { EntityManager } from 'typeorm';
import { type HeardRefresh, runIdsOf } from '../domain/refresh';
import type { RunRecord } from '../domain/run';
import type { RunStore } from '../ports/run-store';

/** The run of an export that a refresh led to when it came, before any replay. */
export async function findFirstRun(
  runs: RunStore,
  manager: EntityManager,
  exportId: string,
  { source, eventId, data }: Pick<HeardRefresh, 'source' | 'eventId' | 'data'>,
): Promise<RunRecord | null> {
  const { shared, own } = runIdsOf(exportId, { source, eventId, data, epoch: 0 });
  return (await runs.find(manager, own)) ?? (await runs.find(manager, shared));
}
