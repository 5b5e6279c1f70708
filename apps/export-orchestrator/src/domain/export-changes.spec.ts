import { describe, expect, it } from '@jest/globals';
import type { ExportRecord } from './export';
import { changeExport, type ExportEvent } from './export-changes';

const attention = { code: 'list_not_found', detail: 'gone', remedy: 'choose another' };

function given(change: Partial<ExportRecord> = {}): ExportRecord {
  const at = new Date(0);
  const by = { sub: 'ada', name: 'Ada' };
  return {
    id: 'export',
    name: 'High value',
    connectionId: 'connection',
    listId: 'list',
    segmentIds: ['Seg1'],
    mapping: { email: 'Email' },
    mode: 'add',
    schedule: { on: 'refresh' },
    state: 'active',
    attention: null,
    listName: 'Friends',
    listChecked: true,
    listProblem: null,
    version: 1,
    createdAt: at,
    createdBy: by,
    updatedAt: at,
    updatedBy: by,
    ...change,
  };
}

const detached = { state: 'detached', connectionId: null } as const;
const lost = { state: 'needs_attention', attention } as const;

describe('changeExport', () => {
  it.each<[string, Partial<ExportRecord>, ExportEvent, Partial<ExportRecord>]>([
    [
      'a new name changes nothing else',
      lost,
      { kind: 'patch', patch: { name: 'Gold' } },
      { ...lost, name: 'Gold', listChecked: true },
    ],
    [
      'a new list is unchecked',
      {},
      { kind: 'patch', patch: { listId: 'other' } },
      { state: 'active', listName: null, listChecked: false },
    ],
    [
      'a new list mends one whose list was gone',
      lost,
      { kind: 'patch', patch: { listId: 'other' } },
      { state: 'active', attention: null },
    ],
    [
      'a paused one stays paused with a new list',
      { state: 'paused' },
      { kind: 'patch', patch: { listId: 'other' } },
      { state: 'paused' },
    ],
    [
      'no connection detaches',
      { state: 'paused' },
      { kind: 'patch', patch: { connectionId: null } },
      { ...detached, listChecked: false },
    ],
    [
      'a connection attaches again',
      detached,
      { kind: 'patch', patch: { connectionId: 'new' } },
      { state: 'active', connectionId: 'new' },
    ],
    ['detach keeps the configuration', {}, { kind: 'detach' }, { ...detached, listId: 'list', mapping: { email: 'Email' } }],
    ['pause', {}, { kind: 'pause' }, { state: 'paused' }],
    ['pause what waits for a person', lost, { kind: 'pause' }, { state: 'paused', attention }],
    ['activate', { state: 'paused' }, { kind: 'activate' }, { state: 'active' }],
    ['activate what was mended elsewhere', lost, { kind: 'activate' }, { state: 'active', attention: null }],
    ['remove', lost, { kind: 'remove' }, { state: 'removed', attention: null }],
  ])('%s', (_about, before, event, after) => {
    expect(changeExport(given(before), event)).toMatchObject({ kind: 'changed', exported: after });
  });

  it.each<ExportEvent>([{ kind: 'pause' }, { kind: 'activate' }])('$kind needs a connection', (event) => {
    expect(changeExport(given(detached), event)).toEqual({ kind: 'no_connection' });
  });
});
