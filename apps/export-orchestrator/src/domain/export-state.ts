import type { ExportChangedV1 } from '@courier/contracts';
import type { ExportRecord } from './export';

/** An export as its topic carries it. */
export function toExportChanged(exported: ExportRecord, changedAt: Date): ExportChangedV1 {
  return {
    exportId: exported.id,
    version: exported.version,
    state: exported.state,
    name: exported.name,
    connectionId: exported.connectionId,
    listId: exported.listId,
    segmentIds: exported.segmentIds,
    mode: exported.mode,
    changedAt: changedAt.toISOString(),
  };
}
