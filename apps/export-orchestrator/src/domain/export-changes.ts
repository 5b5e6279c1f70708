import type { ExportRecord } from './export';

export type ExportPatch = Partial<
  Pick<ExportRecord, 'name' | 'listId' | 'segmentIds' | 'mapping' | 'mode' | 'schedule' | 'connectionId'>
>;

/** What a person, or the end of a connection, does to an export. */
export type ExportEvent =
  { kind: 'patch'; patch: ExportPatch } | { kind: 'pause' } | { kind: 'activate' } | { kind: 'detach' } | { kind: 'remove' };

export type ChangedExport = { kind: 'changed'; exported: ExportRecord } | { kind: 'no_connection' };

/** The export after the event; who did it and when, and the next version, are for the caller to write. */
export function changeExport(exported: ExportRecord, event: ExportEvent): ChangedExport {
  switch (event.kind) {
    case 'patch':
      return changed(patched(exported, event.patch));
    case 'pause':
      return exported.state === 'detached' ? { kind: 'no_connection' } : changed({ ...exported, state: 'paused' });
    case 'activate':
      if (exported.connectionId === null) return { kind: 'no_connection' };
      return changed({ ...exported, state: 'active', attention: null });
    case 'detach':
      return changed(patched(exported, { connectionId: null }));
    case 'remove':
      return changed({ ...exported, state: 'removed', attention: null });
  }
}

function changed(exported: ExportRecord): ChangedExport {
  return { kind: 'changed', exported };
}

function patched(exported: ExportRecord, patch: ExportPatch): ExportRecord {
  const next = { ...exported, ...patch };
  if (next.listId === exported.listId && next.connectionId === exported.connectionId) return next;
  // Another list, or another account: what was found out about the old one no longer counts.
  const target = { ...next, attention: null, listName: null, listChecked: false, listProblem: null };
  if (next.connectionId === null) return { ...target, state: 'detached' };
  return exported.state === 'detached' || exported.state === 'needs_attention' ? { ...target, state: 'active' } : target;
}
