import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@courier/kernel';
import type { Role } from '@courier/http';
import { HttpBench } from '../../testing/http-bench';
import { LIST, OrchestratorBench } from '../../testing/orchestrator-bench';

const everybody = { administrator: true, contributor: true, viewer: true };
const editors = { administrator: true, contributor: true, viewer: false };
const administrators = { administrator: true, contributor: false, viewer: false };

/** Every route of the service but health and metrics. A new one is missing here until somebody has decided who may call it. */
const routes: Record<string, Record<Role, boolean>> = {
  'get /v1/exports': everybody,
  'get /v1/exports/{id}': everybody,
  'get /v1/runs': everybody,
  'get /v1/runs/{id}': everybody,
  'get /v1/runs/{id}/batches': everybody,
  'get /v1/runs/{id}/rejected-profiles': everybody,
  'get /v1/refreshes': everybody,
  'get /v1/segments': everybody,
  'get /v1/segments/{id}': everybody,
  'get /v1/segments/{id}/snapshots': everybody,
  'post /v1/segments/{id}/reset-sequence': administrators,
  'get /v1/audit-events': administrators,
  'get /v1/dead-letters': administrators,
  'get /v1/dead-letters/{id}': administrators,
  'post /v1/dead-letters/{id}/retry': administrators,
  'post /v1/dead-letters/{id}/discard': administrators,
  'get /v1/intake': administrators,
  'post /v1/intake/commands': administrators,
  'post /v1/intake/replays': administrators,
  'post /v1/intake/replays/plan': administrators,
  'post /v1/replays': administrators,
  'post /v1/replays/plan': administrators,
  'post /v1/exports': editors,
  'post /v1/exports/{id}/activate': editors,
  'post /v1/exports/{id}/duplicate': editors,
  'post /v1/exports/{id}/pause': editors,
  'post /v1/exports/{id}/runs': editors,
  'patch /v1/exports/{id}': editors,
  'delete /v1/exports/{id}': editors,
};

const roles = ['administrator', 'contributor', 'viewer'] as const;
const publicRoutes = /^get \/(health|metrics)/;

describe('access', () => {
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

  const body = (connectionId: string) => ({
    name: 'High value',
    connectionId,
    listId: LIST,
    segmentIds: ['Seg1'],
    mapping: { email: 'Email' },
  });

  it('is decided for every route', async () => {
    const { json } = await http.call('/docs-json');
    const found = Object.entries(json['paths'] as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(found.filter((route) => !publicRoutes.test(route)).sort()).toEqual(Object.keys(routes).sort());
  });

  it.each(Object.entries(routes))('to %s is refused without a token and given by role', async (route, expected) => {
    const { runId, exported } = await bench.queuedRun();
    const [method = '', template = ''] = route.split(' ');
    const path = template.replace('{id}', template.startsWith('/v1/runs') ? runId : exported.id);
    const call = { method: method.toUpperCase() };
    expect(await http.call(path, { role: 'nobody', ...call })).toMatchObject({ status: 401, json: { code: 'unauthenticated' } });
    for (const role of roles) {
      // What comes without its body, or asks for somebody else's export, is refused for that only after the role was let in.
      const { json } = await http.call(path, { role, ...call });
      expect({ role, allowed: json['code'] !== 'forbidden' }).toEqual({ role, allowed: expected[role] });
    }
  });

  it('to a connection of administrators is theirs: others can neither export through it nor run its exports', async () => {
    const { id } = await bench.connection({ access: 'administrators' });
    const refused = { status: 403, json: { code: 'connection_not_shared' } };
    expect(await http.call('/v1/exports', { role: 'contributor', post: body(id) })).toMatchObject(refused);
    const made = await http.call('/v1/exports', { post: body(id) });
    expect(made).toMatchObject({ status: 201, json: { yourPermissions: 'edit', createdBy: { sub: 'administrator' } } });
    const exportId = String(made.json['id']);
    await bench.queuedRun({ connectionId: id });
    const run = `/v1/exports/${exportId}/runs`;
    expect(await http.call(run, { role: 'contributor', post: { kind: 'full' } })).toMatchObject(refused);
    const seen = await http.call(`/v1/exports/${exportId}`, { role: 'contributor' });
    expect(seen).toMatchObject({ status: 200, json: { yourPermissions: 'view' } });
  });

  it('to a shared connection is for contributors too', async () => {
    const { id } = await bench.connection({ access: 'contributors' });
    const made = await http.call('/v1/exports', { role: 'contributor', post: body(id) });
    expect(made).toMatchObject({ status: 201, json: { state: 'active', yourPermissions: 'edit', lastRun: null } });
    expect(await bench.exportChanges()).toMatchObject([{ exportId: made.json['id'], version: 1, state: 'active' }]);
    await bench.queuedRun({ connectionId: id });
    const started = await http.call(`/v1/exports/${String(made.json['id'])}/runs`, {
      role: 'contributor',
      post: { kind: 'full' },
    });
    expect(started).toMatchObject({ status: 202, json: { trigger: 'manual', status: 'queued', startedBy: 'contributor' } });
    expect(started.headers.get('location')).toBe(`/v1/runs/${String(started.json['id'])}`);
    const seen = await http.call(`/v1/exports/${String(made.json['id'])}`, { role: 'viewer' });
    expect(seen.json).toMatchObject({ yourPermissions: 'view', lastRun: { id: started.json['id'] } });
  });

  it('to a run without its ledger is for administrators who say why', async () => {
    const { id: connectionId } = await bench.connection({ access: 'contributors' });
    const { exported } = await bench.queuedRun({ connectionId });
    const path = `/v1/exports/${exported.id}/runs`;
    const post = { kind: 'full', withoutLedger: true, reason: 'the disk is gone' };
    expect(await http.call(path, { role: 'contributor', post })).toMatchObject({ status: 403, json: { code: 'forbidden' } });
    expect(await http.call(path, { post: { kind: 'full', withoutLedger: true } })).toMatchObject({
      status: 400,
      json: { code: 'invalid_request', errors: [{ path: 'reason' }] },
    });
    const started = await http.call(path, { post });
    expect(started).toMatchObject({ status: 202, json: { kind: 'full', trigger: 'manual' } });
    const stored = await bench.dataSource.query('SELECT without_ledger FROM runs ORDER BY sequence');
    expect(stored).toEqual([{ without_ledger: false }, { without_ledger: true }]);
    const plain = await http.call(path, { role: 'contributor', post: { kind: 'full', withoutLedger: false } });
    expect(plain.status).toBe(202);
  });

  it('to a connection that is just being made known is waited for', async () => {
    const id = newId();
    const making = http.call('/v1/exports', { post: body(id) });
    await bench.connection({ id });
    expect(await making).toMatchObject({ status: 201 });
    await bench.connection({ id, version: 2, state: 'removed' });
    expect(await http.call('/v1/exports', { post: body(id) })).toMatchObject({
      status: 404,
      json: { code: 'connection_not_found' },
    });
  });

  it('to a run needs a snapshot', async () => {
    const { id } = await bench.export();
    const answer = await http.call(`/v1/exports/${id}/runs`, { post: { kind: 'full' } });
    expect(answer).toMatchObject({ status: 409, json: { code: 'no_snapshot', detail: expect.stringContaining('Seg1') } });
  });

  it.each([
    ['/v1/exports', 'export_not_found'],
    ['/v1/runs', 'run_not_found'],
  ])('to what does not exist answers 404, whatever the id looks like: %s', async (path, code) => {
    for (const id of [newId(), 'nope', '%00', "1'--"]) {
      expect(await http.call(`${path}/${id}`)).toMatchObject({ status: 404, json: { code, remedy: expect.any(String) } });
    }
  });
});
