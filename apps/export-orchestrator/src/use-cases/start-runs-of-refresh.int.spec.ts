import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SegmentRefreshedV1 } from '@courier/contracts';
import { newId } from '@courier/kernel';
import { until } from '@courier/testing';
import type { RefreshRecord } from '../domain/refresh';
import { refreshOf } from '../testing/messages';
import { OrchestratorBench } from '../testing/orchestrator-bench';
import { ReplayRefresh } from './replay-refresh';
import { StartRunsOfRefresh } from './start-runs-of-refresh';

describe('a refresh', () => {
  let bench: OrchestratorBench;

  beforeAll(async () => {
    bench = await OrchestratorBench.open();
  });
  beforeEach(() => bench.reset());
  afterEach(() => bench.expectAccountingLaw());
  afterAll(() => bench.close());

  const runsOf = (runIds: string[]) => Promise.all(runIds.map((id) => bench.run(id)));

  it('starts a run of every active export that uses its segment', async () => {
    const wanted = [await bench.export(), await bench.export({ segmentIds: ['Other', 'Seg1'] })];
    await bench.export({ segmentIds: ['Other'] });
    await bench.export({ state: 'paused' });
    await bench.export({ schedule: { on: 'manual' } });
    const refresh = await bench.hear(refreshOf('Seg1', 1));
    expect(refresh).toMatchObject({ verdict: 'started', reason: null });
    const runs = await runsOf(refresh.runIds);
    expect(new Set(runs.map(({ exportId }) => exportId))).toEqual(new Set(wanted.map(({ id }) => id)));
    expect(runs[0]).toMatchObject({ status: 'queued', phase: 'waiting', kind: 'full', trigger: 'refresh', startedBy: null });
    const changes = await bench.runChanges(refresh.runIds[0] ?? '');
    expect(changes).toMatchObject([{ version: 1, run: { status: 'queued', displayStatus: 'Queued' } }]);
  });

  it('is recorded when no export uses its segment, and then ages others', async () => {
    expect(await bench.hear(refreshOf('Seg1', 5))).toMatchObject({ verdict: 'recorded', reason: 'no_active_export', runIds: [] });
    await bench.export();
    const { runIds } = await bench.hear(refreshOf('Seg1', 5));
    expect(await runsOf(runIds)).toMatchObject([{ status: 'skipped', reason: { code: 'stale_snapshot' } }]);
  });

  it('of a sequence that is not above the newest makes a run that is skipped at once', async () => {
    const { id } = await bench.export();
    await bench.hear(refreshOf('Seg1', 7));
    const stale = await bench.hear(refreshOf('Seg1', 6));
    expect(stale).toMatchObject({ verdict: 'started', reason: 'stale_snapshot' });
    const [run] = await runsOf(stale.runIds);
    expect(run).toMatchObject({ exportId: id, status: 'skipped', phase: 'finished', reason: { code: 'stale_snapshot' } });
    expect(run?.finishedAt).toEqual(bench.clock.now());
    const changes = await bench.runChanges(run?.id ?? '');
    expect(changes).toMatchObject([{ run: { status: 'skipped', displayStatus: 'Skipped' } }]);
  });

  it('that is stale does not supersede a run that waits', async () => {
    await bench.export();
    const first = await bench.hear(refreshOf('Seg1', 7));
    await bench.hear(refreshOf('Seg1', 6));
    expect(await runsOf(first.runIds)).toMatchObject([{ status: 'queued' }]);
  });

  it('of another environment is ignored and ages nothing', async () => {
    await bench.export();
    const foreign = await bench.hear(refreshOf('Seg1', 100, { environmentId: 'prod' }));
    expect(foreign).toMatchObject({ verdict: 'ignored', reason: 'environment_mismatch', runIds: [] });
    const { runIds } = await bench.hear(refreshOf('Seg1', 1));
    expect(await runsOf(runIds)).toMatchObject([{ status: 'queued' }]);
  });

  it.each([
    ['failed', 'upstream_failed'],
    ['skipped', 'upstream_skipped'],
    ['canceled', 'upstream_failed'],
  ])('that ended as %s upstream makes runs that are skipped as %s', async (result, code) => {
    await bench.export();
    const { runIds } = await bench.hear(refreshOf('Seg1', 1, { refresh: { result } }));
    expect(await runsOf(runIds)).toMatchObject([{ status: 'skipped', reason: { code } }]);
  });

  it('makes one run with all others of its workflow job', async () => {
    const { id } = await bench.export({ segmentIds: ['Seg1', 'Seg2'] });
    const refresh = { workflowJobId: 'job-1', segmentIds: ['Seg1', 'Seg2', 'Seg3'] };
    const first = await bench.hear(refreshOf('Seg1', 1, { refresh }));
    const second = await bench.hear(refreshOf('Seg2', 1, { refresh }));
    expect(second).toMatchObject({ verdict: 'started', runIds: first.runIds });
    const [run] = await runsOf(first.runIds);
    expect(run).toMatchObject({ exportId: id, awaitedJob: { workflowJobId: 'job-1', segmentIds: ['Seg1', 'Seg2'] } });
  });

  it('of a workflow job whose run does not wait for it any more makes a run of its own', async () => {
    await bench.export({ segmentIds: ['Seg1', 'Seg2', 'Seg3'] });
    const refresh = { workflowJobId: 'job-1', segmentIds: ['Seg1', 'Seg2', 'Seg3'] };
    const first = await bench.hear(refreshOf('Seg1', 1, { refresh }));
    await bench.hear(refreshOf('Seg1', 2));
    expect(await runsOf(first.runIds)).toMatchObject([{ status: 'superseded' }]);
    const late = await bench.hear(refreshOf('Seg2', 1, { refresh }));
    const last = await bench.hear(refreshOf('Seg3', 1, { refresh }));
    expect(await runsOf(late.runIds)).toMatchObject([{ status: 'superseded' }]);
    expect(await runsOf(last.runIds)).toMatchObject([{ status: 'queued', awaitedJob: { workflowJobId: 'job-1' } }]);
    expect(await bench.plan(last.runIds[0] ?? '')).toBe(true);
    expect((await runsOf(last.runIds))[0]?.snapshots).toMatchObject([{ sequence: 2 }, { sequence: 1 }, { sequence: 1 }]);
  });

  it('of a workflow job that does not name its segments makes a run of its own', async () => {
    await bench.export({ segmentIds: ['Seg1', 'Seg2'] });
    const first = await bench.hear(refreshOf('Seg1', 1, { refresh: { workflowJobId: 'job-1' } }));
    const second = await bench.hear(refreshOf('Seg2', 1, { refresh: { workflowJobId: 'job-1' } }));
    expect(second.runIds).not.toEqual(first.runIds);
    expect(await runsOf(first.runIds)).toMatchObject([{ awaitedJob: null, status: 'superseded' }]);
  });

  it('supersedes an older run that still waits, and leaves one that has begun or was asked for by hand', async () => {
    const exported = await bench.export();
    const begun = await bench.hear(refreshOf('Seg1', 1));
    bench.planner.after = (step) => {
      if (step === 'frozen') throw new Error('crash');
      return undefined;
    };
    await expect(bench.plan(begun.runIds[0] ?? '')).rejects.toThrow('crash');
    const waiting = await bench.hear(refreshOf('Seg1', 2));
    const other = await bench.export();
    const others = await bench.hear(refreshOf('Seg1', 3));
    expect(await runsOf(begun.runIds)).toMatchObject([{ status: 'running' }]);
    const [superseded] = await runsOf(waiting.runIds);
    expect(superseded).toMatchObject({ exportId: exported.id, status: 'superseded', phase: 'finished' });
    expect((await runsOf(others.runIds)).map(({ exportId }) => exportId).sort()).toEqual([exported.id, other.id].sort());
  });

  it('whose event comes back when the inbox has forgotten it starts nothing, whatever it says by then', async () => {
    await bench.export();
    const eventId = newId();
    const first = await bench.hear(refreshOf('Seg1', 1), { eventId });
    await bench.export();
    for (const data of [refreshOf('Seg1', 1), refreshOf('Seg1', 2), refreshOf('Seg1', 2, { environmentId: 'prod' })]) {
      const again = { eventId, source: '/upstream', epoch: 0, data };
      expect(await bench.transaction((manager) => bench.get(StartRunsOfRefresh).execute(manager, again))).toBeNull();
    }
    expect(await runsOf(first.runIds)).toMatchObject([{ status: 'queued' }]);
    const count = 'SELECT (SELECT count(*)::int FROM runs) AS runs, (SELECT count(*)::int FROM refreshes) AS refreshes';
    expect(await bench.transaction((manager) => manager.query(count))).toEqual([{ runs: 1, refreshes: 1 }]);
  });

  it('heard of again in another epoch makes another run', async () => {
    await bench.export();
    const eventId = newId();
    const first = await bench.hear(refreshOf('Seg1', 1), { eventId });
    const again = await bench.hear(refreshOf('Seg1', 1), { eventId, epoch: 1 });
    expect(again.runIds).not.toEqual(first.runIds);
  });

  describe('and another at the same moment, of another segment,', () => {
    /** Both in transactions of their own; the first one commits when the second waits for it, or has not waited. */
    const atOnce = async (first: SegmentRefreshedV1, second: SegmentRefreshedV1, epoch = 0): Promise<RefreshRecord[]> => {
      let other: Promise<RefreshRecord> | undefined;
      const one = await bench.transaction(async (manager) => {
        const heard = { eventId: newId(), source: '/upstream', epoch, data: first };
        const refresh = await bench
          .get<StartRunsOfRefresh | ReplayRefresh>(epoch === 0 ? StartRunsOfRefresh : ReplayRefresh)
          .execute(manager, heard);
        if (refresh === null) throw new Error('the event was known');
        let ended = false;
        other = bench.hear(second, { epoch }).finally(() => (ended = true));
        await until(async () => ended || (await bench.waitForLocks()));
        return refresh;
      });
      return [one, await (other as Promise<RefreshRecord>)];
    };

    it('start one run of an export that uses both', async () => {
      const { id } = await bench.export({ segmentIds: ['Seg1', 'Seg2'] });
      const refreshes = await atOnce(refreshOf('Seg1', 1), refreshOf('Seg2', 1));
      const runs = await runsOf(refreshes.flatMap(({ runIds }) => runIds));
      expect(runs).toMatchObject([
        { exportId: id, status: 'superseded' },
        { exportId: id, status: 'queued' },
      ]);
    });

    it('start one run of their workflow job', async () => {
      await bench.export({ segmentIds: ['Seg1', 'Seg2'] });
      const refresh = { workflowJobId: 'job-1', segmentIds: ['Seg1', 'Seg2'] };
      const [one, other] = await atOnce(refreshOf('Seg1', 1, { refresh }), refreshOf('Seg2', 1, { refresh }));
      expect(other?.runIds).toEqual(one?.runIds);
      expect(await runsOf(one?.runIds ?? [])).toMatchObject([{ status: 'queued' }]);
    });

    it('start one run of both workflow jobs, the later one’s', async () => {
      await bench.export({ segmentIds: ['Seg1', 'Seg2'] });
      const job = (workflowJobId: string) => ({ refresh: { workflowJobId, segmentIds: ['Seg1', 'Seg2'] } });
      const refreshes = await atOnce(refreshOf('Seg1', 1, job('job-1')), refreshOf('Seg2', 1, job('job-2')));
      const runs = await runsOf(refreshes.flatMap(({ runIds }) => runIds));
      expect(runs.map(({ status }) => status)).toEqual(['superseded', 'queued']);
    });

    it('start one run of every export, in whatever order they are found', async () => {
      for (let number = 0; number < 4; number += 1) await bench.export({ segmentIds: ['Seg1', 'Seg2'] });
      const refreshes = await atOnce(refreshOf('Seg1', 1), refreshOf('Seg2', 1));
      const runs = await runsOf(refreshes.flatMap(({ runIds }) => runIds));
      expect(runs.map(({ status }) => status).sort()).toEqual([
        ...Array<string>(4).fill('queued'),
        ...Array<string>(4).fill('superseded'),
      ]);
    });

    it('start one run where a replay reads them', async () => {
      await bench.export({ segmentIds: ['Seg1', 'Seg2'] });
      await bench.rewound(1, 4);
      const refreshes = await atOnce(refreshOf('Seg1', 1), refreshOf('Seg2', 1), 1);
      const runs = await runsOf(refreshes.flatMap(({ runIds }) => runIds));
      expect(runs.map(({ status }) => status)).toEqual(['superseded', 'queued']);
      expect(runs[1]?.snapshots).toHaveLength(2);
    });
  });

  it('and another of the same segment are judged one after the other', async () => {
    await bench.export();
    const refreshes = await Promise.all([1, 1, 1, 1].map((sequence) => bench.hear(refreshOf('Seg1', sequence))));
    const runs = await runsOf(refreshes.flatMap(({ runIds }) => runIds));
    expect(runs.map(({ status }) => status).sort()).toEqual(['queued', 'skipped', 'skipped', 'skipped']);
  });
});
