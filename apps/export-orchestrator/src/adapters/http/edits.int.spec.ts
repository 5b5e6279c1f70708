import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { newId, nextVersion } from '@courier/kernel';
import { HttpBench } from '../../testing/http-bench';
import { refreshOf } from '../../testing/messages';
import { LIST, OrchestratorBench } from '../../testing/orchestrator-bench';
import { AwaitConnection } from '../../use-cases/await-connection';
import { LeaveConnection } from '../../use-cases/leave-connection';

describe('an export', () => {
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
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => ends.disposeAsync());

  const path = (id: string, action = '') => `/v1/exports/${id}${action}`;

  it('is changed field by field, with a new version that its topic carries too', async () => {
    const { id } = await bench.export();
    const changed = await http.call(path(id), { patch: { name: ' Gold ', segmentIds: ['Seg2'], schedule: { on: 'manual' } } });
    expect(changed).toMatchObject({
      status: 200,
      json: { name: 'Gold', segmentIds: ['Seg2'], schedule: { on: 'manual' }, listId: LIST, updatedBy: { sub: 'administrator' } },
    });
    const { version } = await bench.exportOf(id);
    expect(version).toBeGreaterThan(1);
    expect(changed.headers.get('etag')).toBe(`"${version}"`);
    expect(await bench.exportChanges()).toMatchObject([{ exportId: id, version, name: 'Gold', segmentIds: ['Seg2'] }]);
  });

  it('is not changed by somebody who saw an older version', async () => {
    const { id } = await bench.export();
    const seen = (await http.call(path(id))).headers.get('etag') ?? '';
    const mine = { patch: { name: 'Mine' }, headers: { 'if-match': `"77", ${seen}` } };
    expect(await http.call(path(id), mine)).toMatchObject({ status: 200 });
    const { version } = await bench.exportOf(id);
    const stale = { headers: { 'if-match': seen } };
    for (const call of [
      http.call(path(id), { patch: { name: 'Theirs' }, ...stale }),
      http.call(path(id), { method: 'DELETE', ...stale }),
      http.call(path(id, '/pause'), { method: 'POST', headers: { 'if-match': `W/"${version}"` } }),
    ]) {
      expect(await call).toMatchObject({ status: 412, json: { code: 'version_differs', remedy: expect.any(String) } });
    }
    expect((await http.call(path(id), { patch: { name: 'Ours' }, headers: { 'if-match': '*' } })).json).toMatchObject({
      name: 'Ours',
    });
  });

  it('is always read anew: what stands beside it changes without its version', async () => {
    const { id } = await bench.export();
    expect((await http.call(path(id), { headers: { 'if-none-match': '"1"' } })).status).toBe(200);
  });

  it('answers a repeated action the same, though the version went on', async () => {
    const { id } = await bench.export();
    const pause = { method: 'POST', headers: { 'idempotency-key': 'p', 'if-match': '"1"' } };
    const first = await http.call(path(id, '/pause'), pause);
    expect(first).toMatchObject({ status: 200, json: { state: 'paused' } });
    const { version } = await bench.exportOf(id);
    expect(version).toBeGreaterThan(1);
    expect(await http.call(path(id, '/pause'), pause)).toMatchObject({ status: 200, json: first.json });
    expect((await bench.exportOf(id)).version).toBe(version);
  });

  it('that is paused runs with no refresh until it is activated, and lets no run begin that waited', async () => {
    const { runId, exported } = await bench.queuedRun();
    await http.call(path(exported.id, '/pause'), { method: 'POST' });
    expect((await bench.hear(refreshOf('Seg1', 50))).runIds).toEqual([]);
    expect(await bench.plan(runId)).toBe(false);
    expect(await bench.run(runId)).toMatchObject({ status: 'skipped', reason: { code: 'export_paused' } });
    expect(await http.call(path(exported.id, '/activate'), { method: 'POST' })).toMatchObject({ json: { state: 'active' } });
    expect((await bench.hear(refreshOf('Seg1', 51))).runIds).toHaveLength(1);
  });

  it('that is detached keeps its configuration and does not run until it has a connection again', async () => {
    const { runId, exported } = await bench.queuedRun();
    const detached = await http.call(path(exported.id), { patch: { connectionId: null } });
    expect(detached.json).toMatchObject({ state: 'detached', connectionId: null, listId: LIST });
    await bench.plan(runId);
    expect(await bench.run(runId)).toMatchObject({ status: 'skipped', reason: { code: 'export_detached' } });
    for (const [action, body] of [
      ['/runs', { kind: 'full' }],
      ['/activate', {}],
      ['/pause', {}],
    ] as const) {
      const refused = await http.call(path(exported.id, action), { post: body });
      expect(refused).toMatchObject({ status: 409, json: { code: 'no_connection' } });
    }
    const { id } = await bench.connection();
    const attached = await http.call(path(exported.id), { patch: { connectionId: id } });
    expect(attached.json).toMatchObject({ state: 'active', connectionId: id });
  });

  it.each(['by its contributor', 'with its connection'])(
    "that was detached %s is still its contributor's, who attaches a shared connection",
    async (how) => {
      const shared = await bench.connection({ access: 'contributors' });
      const me = { sub: 'contributor', name: 'contributor' };
      const { id } = await bench.export({ connectionId: shared.id, createdBy: me });
      const patch = (connectionId: string | null) => http.call(path(id), { role: 'contributor', patch: { connectionId } });
      if (how === 'by its contributor') {
        expect(await patch(null)).toMatchObject({ status: 200, json: { state: 'detached', yourPermissions: 'edit' } });
      } else {
        await bench.transaction((manager) => bench.get(LeaveConnection).execute(manager, shared.id, 'detach'));
      }
      const closed = await bench.connection({ access: 'administrators' });
      expect(await patch(closed.id)).toMatchObject({ status: 403, json: { code: 'connection_not_shared' } });
      const activate = { role: 'contributor', method: 'POST' } as const;
      expect(await http.call(path(id, '/activate'), activate)).toMatchObject({ status: 409, json: { code: 'no_connection' } });
      const copy = await http.call(path(id, '/duplicate'), activate);
      expect(copy).toMatchObject({ status: 201, json: { state: 'detached', yourPermissions: 'edit' } });
      const removed = await http.call(path(String(copy.json['id'])), { role: 'contributor', method: 'DELETE' });
      expect(removed.status).toBe(200);
      const open = await bench.connection({ access: 'contributors' });
      expect(await patch(open.id)).toMatchObject({ status: 200, json: { state: 'active', yourPermissions: 'edit' } });
    },
  );

  it('that has no connection is only looked at by contributors who did not create it, and they are told why', async () => {
    const { id } = await bench.export();
    const open = await bench.connection({ access: 'contributors' });
    await http.call(path(id), { patch: { connectionId: null } });
    const { version } = await bench.exportOf(id);
    const role = 'contributor';
    expect((await http.call(path(id), { role })).json).toMatchObject({ yourPermissions: 'view' });
    expect((await http.call('/v1/exports', { role })).json['items']).toMatchObject([{ yourPermissions: 'view' }]);
    for (const call of [
      http.call(path(id), { role, patch: { connectionId: open.id } }),
      http.call(path(id, '/activate'), { role, method: 'POST' }),
      http.call(path(id, '/duplicate'), { role, method: 'POST' }),
      http.call(path(id), { role, method: 'DELETE' }),
    ]) {
      expect(await call).toMatchObject({
        status: 403,
        json: {
          code: 'export_not_yours',
          detail: 'The export has no connection, and somebody else created it.',
          remedy: 'Ask its creator or an administrator to attach a connection.',
        },
      });
    }
    expect(await bench.exportOf(id)).toMatchObject({ connectionId: null, version });
  });

  it('attaches to no connection that is unknown or not for the caller', async () => {
    const shared = await bench.connection({ access: 'contributors' });
    const { id } = await bench.export({ connectionId: shared.id });
    const closed = await bench.connection({ access: 'administrators' });
    const removed = await bench.connection({ state: 'removed' });
    const attach = (connectionId: string) => http.call(path(id), { role: 'contributor', patch: { connectionId } });
    expect(await attach(removed.id)).toMatchObject({ status: 404, json: { code: 'connection_not_found' } });
    expect(await attach(closed.id)).toMatchObject({ status: 403, json: { code: 'connection_not_shared' } });
    const own = await bench.export({ connectionId: closed.id });
    for (const [action, method] of [
      ['', 'DELETE'],
      ['/pause', 'POST'],
      ['/duplicate', 'POST'],
    ] as const) {
      expect((await http.call(path(own.id, action), { role: 'contributor', method })).status).toBe(403);
    }
  });

  it('is not made with, nor attached to, a connection that is removed at the same moment', async () => {
    const { id } = await bench.export();
    const removed = await bench.connection({ state: 'removed' });
    // As it was a moment before.
    jest.spyOn(AwaitConnection.prototype, 'execute').mockResolvedValue('usable');
    const post = { name: 'New', connectionId: removed.id, listId: LIST, segmentIds: ['Seg1'], mapping: { email: 'Email' } };
    const answers = [
      await http.call('/v1/exports', { post }),
      await http.call(path(id), { patch: { connectionId: removed.id } }),
    ];
    for (const answer of answers) expect(answer).toMatchObject({ status: 404, json: { code: 'connection_not_found' } });
    expect(await bench.exportChanges()).toEqual([]);
  });

  it('is copied as one that rests', async () => {
    const { id } = await bench.export({ name: 'x'.repeat(200), listName: 'Friends', listChecked: true });
    const copy = await http.call(path(id, '/duplicate'), { method: 'POST' });
    expect(copy).toMatchObject({
      status: 201,
      json: { state: 'paused', listId: LIST, list: { name: 'Friends', checked: true } },
    });
    expect(copy.json['name']).toBe(`${'x'.repeat(193)} (copy)`);
    expect(copy.json['id']).not.toBe(id);
    expect(copy.headers.get('location')).toBe(path(String(copy.json['id'])));
    expect(await bench.exportChanges()).toMatchObject([{ exportId: copy.json['id'], version: 1, state: 'paused' }]);
  });

  it('that is removed is gone for everybody, is told as removed, and leaves its runs to be read', async () => {
    const { runId, exported } = await bench.queuedRun();
    const removed = await http.call(path(exported.id), { method: 'DELETE' });
    expect(removed).toMatchObject({
      status: 200,
      json: { state: 'removed', detail: expect.stringContaining('stay in Klaviyo') },
    });
    for (const call of [
      http.call(path(exported.id)),
      http.call(path(exported.id), { method: 'DELETE' }),
      http.call(path(exported.id), { patch: { name: 'Back' } }),
      http.call(path(exported.id, '/duplicate'), { method: 'POST' }),
      http.call(path(exported.id, '/runs'), { post: { kind: 'full' } }),
    ]) {
      expect(await call).toMatchObject({ status: 404, json: { code: 'export_not_found' } });
    }
    expect((await http.call('/v1/exports')).json['items']).toEqual([]);
    const { version } = await bench.exportOf(exported.id);
    expect(version).toBeGreaterThan(1);
    expect(await bench.exportChanges()).toMatchObject([{ exportId: exported.id, version, state: 'removed' }]);
    await bench.plan(runId);
    expect((await http.call(`/v1/runs/${runId}`)).json).toMatchObject({ status: 'skipped', reason: { code: 'export_removed' } });
    expect((await bench.hear(refreshOf('Seg1', 60))).runIds).toEqual([]);
  });

  it.each([
    ['detach' as const, 'detached', null],
    ['remove' as const, 'removed', 'kept'],
  ])('whose connection ends with %s is %s', async (exports, state, connection) => {
    const { id, connectionId } = await bench.export();
    const other = await bench.export();
    await bench.transaction((manager) => bench.get(LeaveConnection).execute(manager, connectionId, exports));
    expect(await bench.exportOf(id)).toMatchObject({
      state,
      version: nextVersion(1, bench.clock.now()),
      connectionId: connection && connectionId,
    });
    expect(await bench.exportOf(other.id)).toMatchObject({ state: 'active', version: 1 });
  });

  it('shows the name of its list once the sink has said it', async () => {
    const { id, connectionId } = await bench.export();
    expect((await http.call(path(id), { patch: { name: 'Gold' } })).json).toMatchObject({ list: { name: null, checked: false } });
    http.listNames.set(LIST, 'Friends').set('OtherL', 'Others');
    expect((await http.call(path(id), { patch: { name: 'Gold' } })).json).toMatchObject({
      list: { name: 'Friends', checked: true },
    });
    expect((await http.call(path(id), { patch: { listId: 'OtherL' } })).json).toMatchObject({ list: { name: 'Others' } });
    const body = { name: 'New', connectionId, listId: LIST, segmentIds: ['Seg1'], mapping: { email: 'Email' } };
    expect((await http.call('/v1/exports', { post: body })).json).toMatchObject({ list: { name: 'Friends', checked: true } });
  });

  describe('into a list', () => {
    const missing = { path: 'listId', code: 'list_not_found' };
    const refused = { status: 400, json: { code: 'list_not_found', remedy: expect.any(String), errors: [missing] } };
    const body = (connectionId: string, listId: string) => {
      return { name: 'New', connectionId, listId, segmentIds: ['Seg1'], mapping: { email: 'Email' } };
    };
    beforeEach(() => {
      http.listNames.clear();
      http.listNames.set('GoNe01', null).set(LIST, 'Friends');
    });
    afterEach(() => http.listNames.clear());

    it('that does not exist is refused beside its field, and nothing is kept', async () => {
      const { connectionId } = await bench.export();
      expect(await http.call('/v1/exports', { post: body(connectionId, 'GoNe01') })).toMatchObject(refused);
      expect(await bench.dataSource.query('SELECT 1 FROM exports')).toHaveLength(1);
      expect(await bench.audited()).toEqual([]);
    });

    it('that does not exist is not chosen later either', async () => {
      const { id } = await bench.export();
      const other = await bench.connection();
      expect(await http.call(path(id), { patch: { listId: 'GoNe01' } })).toMatchObject(refused);
      http.listNames.set(LIST, null);
      expect(await http.call(path(id), { patch: { connectionId: other.id } })).toMatchObject(refused);
      expect(await bench.exportOf(id)).toMatchObject({ version: 1, listId: LIST });
    });

    it('that nobody could look at is taken, and says why until somebody can', async () => {
      const { connectionId } = await bench.export();
      const made = await http.call('/v1/exports', { post: body(connectionId, 'NoBoDy') });
      const problem = { code: 'sink_unreachable', detail: expect.stringContaining('klaviyo-sink'), remedy: expect.any(String) };
      expect(made).toMatchObject({ status: 201, json: { list: { name: null, checked: false, problem } } });
      const id = String(made.json['id']);
      expect((await http.call(path(id))).json).toMatchObject({ list: { problem } });
      http.listNames.set('NoBoDy', 'Found');
      const activated = await http.call(`${path(id)}/activate`, { method: 'POST' });
      expect(activated.json).toMatchObject({ list: { name: 'Found', checked: true, problem: null } });
      const moved = await http.call(path(id), { patch: { listId: 'AwAy02' } });
      expect(moved).toMatchObject({ status: 200, json: { list: { name: null, checked: false, problem } } });
      const back = await http.call(path(id), { patch: { listId: LIST } });
      expect(back.json).toMatchObject({ list: { name: 'Friends', checked: true, problem: null } });
    });

    it('that could not be looked at is looked at again by a patch that names it once more', async () => {
      const { id, connectionId } = await bench.export({ listId: 'NoBoDy' });
      for (const patch of [{ listId: 'NoBoDy' }, { connectionId }, { listId: 'NoBoDy', connectionId, name: 'Gold' }]) {
        await bench.dataSource.query('UPDATE exports SET list_checked = false, list_name = NULL');
        http.listNames.set('NoBoDy', 'Found');
        const patched = await http.call(path(id), { patch });
        expect(patched).toMatchObject({ status: 200, json: { list: { name: 'Found', checked: true, problem: null } } });
      }
    });

    it('that does not exist is told to nobody but who may edit the export as it is', async () => {
      const { id } = await bench.export({ listId: 'OtherL' });
      const patch = { listId: 'GoNe01' };
      const stranger = await http.call(path(id), { role: 'contributor', patch });
      expect(stranger).toMatchObject({ status: 403, json: { code: 'connection_not_shared' } });
      const late = await http.call(path(id), { patch, headers: { 'if-match': '"77"' } });
      expect(late).toMatchObject({ status: 412, json: { code: 'version_differs' } });
      expect(await http.call(path(id), { patch })).toMatchObject(refused);
      await http.call(path(id), { method: 'DELETE' });
      expect(await http.call(path(id), { patch })).toMatchObject({ status: 404, json: { code: 'export_not_found' } });
    });

    it('that had a problem is copied without it, for nobody has looked on behalf of the copy', async () => {
      const { id } = await bench.export({ listId: 'NoBoDy' });
      await http.call(path(id), { patch: { name: 'Gold' } });
      expect((await http.call(path(id))).json).toMatchObject({ list: { problem: { code: 'sink_unreachable' } } });
      const copy = await http.call(path(id, '/duplicate'), { method: 'POST' });
      expect(copy).toMatchObject({ status: 201, json: { list: { checked: false, problem: null } } });
    });

    it('that went away meanwhile is told when the export is activated', async () => {
      const { id } = await bench.export({ listId: 'GoNe01', state: 'paused' });
      const activated = await http.call(`${path(id)}/activate`, { method: 'POST' });
      expect(activated).toMatchObject({ status: 200, json: { list: { checked: false, problem: { code: 'list_not_found' } } } });
    });
  });

  it.each([
    ['nothing', {}, 'invalid_request'],
    ['a state', { state: 'active' }, 'not_supported'],
    ['a guard', { guard: {} }, 'not_supported'],
    ['mode mirror', { mode: 'mirror' }, 'not_supported'],
    ['no name', { name: null }, 'invalid_request'],
    ['an odd connection', { connectionId: 'nope' }, 'invalid_request'],
  ])('is not changed by a patch of %s', async (_about, patch, code) => {
    const { id } = await bench.export();
    expect(await http.call(path(id), { patch })).toMatchObject({ status: 400, json: { code } });
    expect((await bench.exportOf(id)).version).toBe(1);
    expect((await http.call(path(newId()), { patch: { name: 'x' } })).status).toBe(404);
  });
});
