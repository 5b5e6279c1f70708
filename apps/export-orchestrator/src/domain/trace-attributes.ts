import type { RunRecord } from './run';

/** What spans of a run say about it. */
export function runAttributes({ id, exportId }: Pick<RunRecord, 'id' | 'exportId'>): Record<string, string> {
  return { 'courier.run.id': id, 'courier.export.id': exportId };
}
