import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@courier/kernel';
import type { KnownConnection } from '../domain/export';
import { newRun } from '../domain/new-run';
import { ConnectionStore } from '../ports/connection-store';
import { ExportStore } from '../ports/export-store';
import { stagedObject } from '../testing/fake-planner';
import { refreshOf } from '../testing/messages';
import { ACCOUNT, LIST, OrchestratorBench } from '../testing/orchestrator-bench';
import { BeginRun } from './begin-run';
import { ChangeRun } from './change-run';

describe('a queued run', () => {
  let bench: OrchestratorBench;

  beforeAll(async () => {
    bench = await OrchestratorBench.open();
  });
  beforeEach(() => bench.reset());
  afterEach(() => bench.expectAccountingLaw());
  afterAll(() => bench.close());

  async function begin(runId: string) {
    const lease = await bench.lease(runId);
    return bench
      .get(BeginRun)
      .execute(lease, runId)
      .finally(() => lease.release());
  }

  const change = (connection: KnownConnection, changed: Partial<KnownConnection>) =>
    bench.get(ConnectionStore).apply(bench.dataSource.manager, { ...connection, version: connection.version + 1, ...changed });

  it('begins and freezes account, mapping and the newest snapshots in the order of the segments', async () => {
    const exported = await bench.export({ segmentIds: ['Zoo', 'Seg1', 'Alp', 'Unheard'] });
    await bench.hear(refreshOf('Alp', 3));
    await bench.hear(refreshOf('Zoo', 4));
    await bench.hear(refreshOf('Zoo', 5));
    await bench.hear(refreshOf('Zoo', 6, { refresh: { result: 'failed' } }));
    await bench.hear(refreshOf('Zoo', 99, { environmentId: 'prod' }));
    const { runIds } = await bench.hear(refreshOf('Seg1', 1));
    const begun = await begin(runIds[0] ?? '');
    expect(begun).toMatchObject({ profileLimit: 100_000, run: { status: 'planning', phase: 'verifying', attempt: 1 } });
    const stored = await bench.run(runIds[0] ?? '');
    expect(stored).toMatchObject({ accountId: ACCOUNT, mapping: exported.mapping, ledger: null, waiting: null });
    expect(stored.startedAt).toEqual(bench.clock.now());
    expect(stored.snapshots.map(({ segmentId, sequence }) => [segmentId, sequence])).toEqual([
      ['Zoo', 5],
      ['Seg1', 1],
      ['Alp', 3],
    ]);
  });

  it('is compared with what this export delivered to this list of this account', async () => {
    const { runId, exported } = await bench.queuedRun();
    const object = stagedObject('ledgers/one');
    const insert = 'INSERT INTO ledgers (export_id, account_id, list_id, version, object, people) VALUES ($1, $2, $3, 1, $4, 1)';
    for (const [account, list, ref] of [
      ['Other1', LIST, stagedObject('ledgers/other-account')],
      [ACCOUNT, 'OtHer1', stagedObject('ledgers/other-list')],
      [ACCOUNT, LIST, object],
    ]) {
      await bench.dataSource.query(insert, [exported.id, account, list, JSON.stringify(ref)]);
    }
    expect(await begin(runId)).toMatchObject({ run: { ledger: object } });
  });

  it.each([
    ['is being verified', 'connection_verifying', { state: 'verifying', accountId: null }],
    ['needs attention', 'connection_needs_attention', { state: 'needs_attention' }],
    ['has no account yet', 'connection_verifying', { accountId: null }],
  ] as const)('waits while its connection %s, and begins once it is well', async (_about, reason, state) => {
    const connection = await bench.connection(state);
    const { runId } = await bench.queuedRun({ connectionId: connection.id });
    expect(await begin(runId)).toBeNull();
    const since = bench.clock.now().toISOString();
    expect(await bench.run(runId)).toMatchObject({ status: 'queued', waiting: { reason, since, until: null } });
    bench.passMinutes(5);
    expect(await begin(runId)).toBeNull();
    expect(await bench.run(runId)).toMatchObject({ waiting: { since } });
    expect(await bench.runChanges(runId)).toHaveLength(2);
    await change(connection, { state: 'connected', accountId: ACCOUNT });
    expect(await begin(runId)).not.toBeNull();
    expect(await bench.run(runId)).toMatchObject({ status: 'planning', waiting: null });
  });

  it('waits for a connection that is not known yet', async () => {
    const { runId } = await bench.queuedRun({ connectionId: '0193ae1c-5d0f-7d7a-8b7f-2b1d6c11aaaa' });
    expect(await begin(runId)).toBeNull();
    expect(await bench.run(runId)).toMatchObject({ waiting: { reason: 'connection_verifying' } });
  });

  it('is skipped when its connection was removed', async () => {
    const connection = await bench.connection();
    const { runId } = await bench.queuedRun({ connectionId: connection.id });
    await change(connection, { state: 'removed', accountId: null });
    expect(await begin(runId)).toBeNull();
    expect(await bench.run(runId)).toMatchObject({ status: 'skipped', reason: { code: 'permission_lost' } });
  });

  it('waits while another export fills the same list of the same account', async () => {
    const first = await bench.queuedRun({ segmentIds: ['A'] });
    const second = await bench.queuedRun({ segmentIds: ['B'] });
    const elsewhere = await bench.queuedRun({ segmentIds: ['C'], listId: 'OtHer1' });
    const stranger = await bench.connection({ accountId: 'Other1' });
    const foreign = await bench.queuedRun({ segmentIds: ['D'], connectionId: stranger.id });
    expect(await begin(first.runId)).not.toBeNull();
    expect(await begin(second.runId)).toBeNull();
    expect(await bench.run(second.runId)).toMatchObject({ status: 'queued', waiting: { reason: 'list_busy' } });
    expect(await begin(elsewhere.runId)).not.toBeNull();
    expect(await begin(foreign.runId)).not.toBeNull();
    await bench.dataSource.query(`UPDATE runs SET finished_at = now(), status = 'failed' WHERE id = $1`, [first.runId]);
    expect(await begin(second.runId)).not.toBeNull();
  });

  it('of two that ask at once for one list begins alone', async () => {
    const runs = [await bench.queuedRun({ segmentIds: ['A'] }), await bench.queuedRun({ segmentIds: ['B'] })];
    const begun = await Promise.all(runs.map(({ runId }) => begin(runId)));
    expect(begun.filter((one) => one !== null)).toHaveLength(1);
  });

  it('waits while an older run of its export is under way, even into another list', async () => {
    const { runId, exported } = await bench.queuedRun();
    expect(await begin(runId)).not.toBeNull();
    await bench.get(ExportStore).update(bench.dataSource.manager, { ...exported, listId: 'OtHer1' });
    const { runIds } = await bench.hear(refreshOf('Seg1', bench.nextSequence()));
    expect(await begin(runIds[0] ?? '')).toBeNull();
    expect(await bench.run(runIds[0] ?? '')).toMatchObject({ waiting: { reason: 'list_busy' } });
  });

  it('goes where its export goes by now, with what it takes there', async () => {
    await bench.hear(refreshOf('Seg2', 7));
    const { runId, exported } = await bench.queuedRun();
    const { id: connectionId } = await bench.connection({ accountId: 'Other1' });
    const moved = { ...exported, connectionId, listId: 'OtHer1', segmentIds: ['Seg2'], mapping: { email: 'Mail' } };
    await bench.get(ExportStore).update(bench.dataSource.manager, moved);
    expect(await begin(runId)).toMatchObject({
      run: {
        connectionId,
        listId: 'OtHer1',
        accountId: 'Other1',
        mapping: { email: 'Mail' },
        snapshots: [{ segmentId: 'Seg2' }],
      },
    });
  });

  it('waits for the connection that its export has by now, and for no other', async () => {
    const broken = await bench.connection({ state: 'needs_attention' });
    const { runId, exported } = await bench.queuedRun({ connectionId: broken.id });
    expect(await begin(runId)).toBeNull();
    const { id: connectionId } = await bench.connection();
    await bench.get(ExportStore).update(bench.dataSource.manager, { ...exported, connectionId });
    expect(await begin(runId)).toMatchObject({ run: { connectionId, waiting: null } });
  });

  it('is newer than one that was asked for later and began before', async () => {
    const exported = await bench.export({ segmentIds: ['Seg1', 'Seg2'] });
    const refresh = { workflowJobId: 'job-1', segmentIds: ['Seg1', 'Seg2'] };
    const [ofJob = ''] = (await bench.hear(refreshOf('Seg1', 1, { refresh }))).runIds;
    const id = newId();
    const asked = {
      id,
      trigger: 'manual' as const,
      createdAt: bench.clock.now(),
      startedBy: 'ada',
      awaitedJob: null,
      skipped: null,
    };
    await bench.transaction((manager) => bench.get(ChangeRun).create(manager, newRun(exported, asked)));
    await bench.plan(id);
    for (const { number } of await bench.batches(id)) await bench.say(id, number);
    await bench.finish(id);
    await bench.hear(refreshOf('Seg2', 1, { refresh }));
    await bench.plan(ofJob);
    const ages = (await bench.announced()).map(({ runId, run }) => [runId, run?.sequence ?? 0] as const);
    const ageOf = (id: string) => Math.max(...ages.filter(([runId]) => runId === id).map(([, age]) => age));
    expect(ageOf(ofJob)).toBeGreaterThan(ageOf(id));
  });

  it('goes past one that was interrupted before its plan was frozen and has to wait itself', async () => {
    const connection = await bench.connection();
    const first = await bench.queuedRun({ segmentIds: ['A'], connectionId: connection.id });
    const second = await bench.queuedRun({ segmentIds: ['B'] });
    expect(await begin(first.runId)).not.toBeNull();
    await change(connection, { state: 'needs_attention' });
    expect(await begin(first.runId)).toBeNull();
    expect(await begin(second.runId)).not.toBeNull();
    await change({ ...connection, version: 2 }, { state: 'connected' });
    expect(await begin(first.runId)).toBeNull();
    expect(await bench.run(first.runId)).toMatchObject({ status: 'planning', waiting: { reason: 'list_busy' } });
  });

  describe('of a workflow job', () => {
    const refresh = { workflowJobId: 'job-1', segmentIds: ['Seg1', 'Seg2'] };

    async function firstOfTwo(): Promise<string> {
      await bench.export({ segmentIds: ['Seg1', 'Seg2'] });
      const { runIds } = await bench.hear(refreshOf('Seg1', 1, { refresh }));
      return runIds[0] ?? '';
    }

    it('waits until all segments of its export have reported', async () => {
      const runId = await firstOfTwo();
      expect(await begin(runId)).toBeNull();
      expect(await bench.run(runId)).toMatchObject({
        waiting: { reason: 'dependencies_refreshing', until: '2026-11-24T03:00:00.000Z' },
      });
      await bench.hear(refreshOf('Seg2', 1, { refresh, environmentId: 'prod' }));
      expect(await begin(runId)).toBeNull();
      await bench.hear(refreshOf('Seg2', 2, { refresh }));
      expect((await begin(runId))?.run.snapshots).toMatchObject([{ sequence: 1 }, { sequence: 2 }]);
    });

    it('is skipped when one of them does not report in time', async () => {
      const runId = await firstOfTwo();
      await begin(runId);
      bench.passMinutes(59);
      await begin(runId);
      expect(await bench.run(runId)).toMatchObject({ status: 'queued' });
      bench.passMinutes(1);
      await begin(runId);
      expect(await bench.run(runId)).toMatchObject({ status: 'skipped', waiting: null, reason: { code: 'dependency_timeout' } });
    });

    it.each([
      ['failed', 'upstream_failed'],
      ['skipped', 'upstream_skipped'],
    ])('is skipped when one of them %s upstream', async (result, code) => {
      const runId = await firstOfTwo();
      await bench.hear(refreshOf('Seg2', 1, { refresh: { ...refresh, result } }));
      await begin(runId);
      expect(await bench.run(runId)).toMatchObject({ status: 'skipped', reason: { code } });
    });

    it('begins when one of them failed upstream and then came after all', async () => {
      const runId = await firstOfTwo();
      await bench.hear(refreshOf('Seg2', 1, { refresh: { ...refresh, result: 'failed' } }));
      await bench.hear(refreshOf('Seg2', 2, { refresh }));
      expect((await begin(runId))?.run.snapshots).toMatchObject([{ sequence: 1 }, { sequence: 2 }]);
    });
  });

  it('begins under its lease only', async () => {
    const { runId } = await bench.queuedRun();
    const lease = await bench.lease(runId);
    await bench.dataSource.query('UPDATE leases SET token = token + 1');
    await expect(bench.get(BeginRun).execute(lease, runId)).rejects.toMatchObject({ code: 'lease_lost' });
    expect(await bench.run(runId)).toMatchObject({ status: 'queued', version: 1 });
  });
});
