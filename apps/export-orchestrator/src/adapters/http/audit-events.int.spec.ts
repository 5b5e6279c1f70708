import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpBench } from '../../testing/http-bench';
import { LIST, OrchestratorBench } from '../../testing/orchestrator-bench';

interface AuditEvent {
  action: string;
  aggregate: { type: string; id: string };
}

describe('the audit of exports and runs', () => {
  const ends = new AsyncDisposableStack();
  let bench: OrchestratorBench;
  let http: HttpBench;

  beforeAll(async () => {
    bench = await OrchestratorBench.open();
    ends.defer(() => bench.close());
    http = await HttpBench.open(bench);
    ends.defer(() => http.close());
  });
  beforeEach(() => bench.reset());
  afterAll(() => ends.disposeAsync());

  const listed = async (query = ''): Promise<AuditEvent[]> => {
    return (await http.call(`/v1/audit-events${query}`)).json['items'] as AuditEvent[];
  };
  const actions = async (query = '') => (await listed(query)).map(({ action }) => action);

  it('has one record of each change, with who made it, and tells the same to its topic', async () => {
    const { id: connectionId } = await bench.connection({ access: 'contributors' });
    const body = { name: 'New', connectionId, listId: LIST, segmentIds: ['Seg1'], mapping: { email: 'Email' } };
    const made = await http.call('/v1/exports', { role: 'contributor', post: body });
    const id = String(made.json['id']);
    const path = `/v1/exports/${id}`;
    await http.call(path, { patch: { name: 'Gold', mapping: { email: 'Mail' }, listId: LIST } });
    await http.call(`${path}/pause`, { method: 'POST' });
    await http.call(`${path}/activate`, { method: 'POST' });
    const copy = await http.call(`${path}/duplicate`, { method: 'POST' });
    await bench.hear(bench.refreshOf('Seg1'));
    const run = await http.call(`${path}/runs`, { post: { kind: 'full' } });
    await http.call(path, { method: 'DELETE' });

    const exported = { type: 'export', id };
    const by = (role: string) => ({ sub: role, name: role, roles: [role], address: '127.0.0.1' });
    const plain = { reason: null, changes: [], related: [] };
    const administrator = { ...plain, actor: by('administrator'), aggregate: exported };
    const state = (from: string, to: string) => [{ field: 'state', from, to }];
    const expected = [
      { ...administrator, action: 'export.removed', changes: state('active', 'removed') },
      { ...administrator, action: 'run.started', aggregate: { type: 'run', id: run.json['id'] }, related: [exported] },
      {
        ...administrator,
        action: 'export.duplicated',
        aggregate: { type: 'export', id: copy.json['id'] },
        related: [exported],
      },
      { ...administrator, action: 'export.activated', changes: state('paused', 'active') },
      { ...administrator, action: 'export.paused', changes: state('active', 'paused') },
      { ...administrator, action: 'export.changed', changes: [{ field: 'name' }, { field: 'mapping' }] },
      { ...administrator, action: 'export.created', actor: by('contributor') },
    ];
    const kept = { id: expect.any(String), at: expect.any(String) };
    expect(await listed()).toEqual(expected.map((event) => ({ ...kept, ...event })));
    const told = { auditId: expect.any(String), recordedAt: expect.any(String) };
    expect((await bench.audited()).reverse()).toEqual(expected.map((event) => ({ ...told, ...event })));
  });

  it('has none of what was refused, nor of what left everything as it was', async () => {
    const { id } = await bench.export();
    const path = `/v1/exports/${id}`;
    await http.call(path, { patch: { name: 'High value', segmentIds: ['Seg1'] } });
    await http.call(`${path}/activate`, { method: 'POST' });
    await http.call(path, { patch: { name: 'Mine' }, headers: { 'if-match': '"7"' } });
    await http.call(path, { role: 'contributor', patch: { name: 'Mine' } });
    await http.call(`${path}/runs`, { post: { kind: 'full' } });
    expect(await listed()).toEqual([]);
    expect(await bench.exportChanges()).toEqual([]);
    expect((await bench.exportOf(id)).version).toBe(1);
  });

  it('has one record of a request that came several times, be it at once', async () => {
    const { id } = await bench.export();
    const duplicate = { method: 'POST', headers: { 'idempotency-key': 'd' } };
    const copies = await Promise.all([1, 2, 3].map(() => http.call(`/v1/exports/${id}/duplicate`, duplicate)));
    copies.push(await http.call(`/v1/exports/${id}/duplicate`, duplicate));
    expect(new Set(copies.map(({ json }) => json['id'])).size).toBe(1);
    expect(await listed()).toMatchObject([{ action: 'export.duplicated', aggregate: { id: copies[0]?.json['id'] } }]);
    expect(await bench.audited()).toHaveLength(1);
  });

  it('is read in pages, by what it concerns, by who did what, and by time; by administrators', async () => {
    const first = await bench.export();
    const second = await bench.export();
    for (const { id } of [first, second]) await http.call(`/v1/exports/${id}/pause`, { method: 'POST' });
    await http.call(`/v1/exports/${first.id}/duplicate`, { method: 'POST' });
    const pages = await http.pages<AuditEvent>('/v1/audit-events', 2);
    expect(pages.map((page) => page.map(({ action }) => action))).toEqual([
      ['export.duplicated', 'export.paused'],
      ['export.paused'],
    ]);
    expect(await actions(`?concerns=${first.id}`)).toEqual(['export.duplicated', 'export.paused']);
    expect(await actions(`?concerns=${second.id}&action=export.paused&actor=administrator`)).toEqual(['export.paused']);
    expect(await actions('?actor=nobody')).toEqual([]);
    const soon = new Date(Date.now() + 60_000).toISOString();
    expect([await actions(`?from=${soon}`), await actions(`?to=${soon}`)].map(({ length }) => length)).toEqual([0, 3]);
    for (const role of ['contributor', 'viewer'] as const) {
      expect((await http.call('/v1/audit-events', { role })).status).toBe(403);
    }
  });
});
