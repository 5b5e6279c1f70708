import type { ExportRecord } from './export';
import type { RunTrigger } from './run';

/** Why a run that has sent nothing yet is not to begin any more: what its export became meanwhile. */
export function haltOf(
  trigger: RunTrigger,
  exported: Pick<ExportRecord, 'state'> | null,
): { code: string; detail: string } | null {
  switch (exported?.state) {
    case undefined:
    case 'removed':
      return { code: 'export_removed', detail: 'the export was removed before the run began' };
    case 'detached':
      return { code: 'export_detached', detail: 'the export lost its connection before the run began' };
    case 'paused':
      // Who starts a paused export by hand means it.
      return trigger === 'manual' ? null : { code: 'export_paused', detail: 'the export was paused before the run began' };
    case 'active':
    case 'needs_attention':
      return null;
  }
}
