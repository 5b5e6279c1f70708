import type { SegmentRefreshedV1 } from '@courier/contracts';
import type { Once } from '@courier/persistence';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunRecord } from '../domain/run';
import { RunStore } from '../ports/run-store';
import { refreshOf } from '../testing/messages';
import { OrchestratorBench } from '../testing/orchestrator-bench';
import { CancelReplay } from './cancel-replay';
import { ForeseeReplay } from './foresee-replay';
import { ReplayRuns } from './replay-runs';

describe('a refresh that is read again', () => {
  let bench: OrchestratorBench;

  beforeAll(async () => {
    bench = await OrchestratorBench.open();
  });
  beforeEach(() => bench.reset());
  afterEach(() => bench.expectAccountingLaw());
  afterAll(() => bench.close());

  /** Plans, delivers and finishes the run. */
  async function deliver(runId: string): Promise<RunRecord> {
    expect(await bench.plan(runId)).toBe(true);
    for (const { number } of await bench.batches(runId)) await bench.say(runId, number);
    return bench.finish(runId);
  }

  async function only(runIds: string[]): Promise<RunRecord> {
    expect(runIds).toHaveLength(1);
    return bench.run(runIds[0] ?? '');
  }

  /** Refreshes 1 to `count`, each delivered. */
  async function delivered(count: number): Promise<RunRecord[]> {
    const runs: RunRecord[] = [];
    for (let sequence = 1; sequence <= count; sequence += 1) {
      const { runIds } = await bench.hear(refreshOf('Seg1', sequence), { eventId: `event-${sequence}` });
      runs.push(await deliver((await only(runIds)).id));
    }
    return runs;
  }

  const again = (sequence: number, epoch = 1) => bench.hear(refreshOf('Seg1', sequence), { eventId: `event-${sequence}`, epoch });

  it('makes a full run that waits until the range was read, and then runs', async () => {
    await bench.export();
    const [first] = await delivered(1);
    await bench.rewound(1, 4);
    const run = await only((await again(1)).runIds);
    expect(run).toMatchObject({
      status: 'queued',
      kind: 'full',
      trigger: 'replay',
      replayOf: first?.id,
      replay: { epoch: 1, actor: 'ada', reason: 'wrong mapping' },
      startedBy: 'ada',
    });
    expect(await bench.plan(run.id)).toBe(false);
    expect((await bench.run(run.id)).waiting).toMatchObject({ reason: 'replay_range_reading' });
    await bench.readUpTo(10);
    expect(await deliver(run.id)).toMatchObject({ status: 'succeeded', snapshots: [{ segmentId: 'Seg1', sequence: 1 }] });
    expect(await bench.run(first?.id ?? '')).toEqual(first);
  });

  it('is run once for each export, with the newest of the range; the older ones are superseded', async () => {
    await bench.export();
    await delivered(3);
    await bench.rewound(1, 10);
    const runs: RunRecord[] = [];
    for (const sequence of [1, 2, 3]) runs.push(await only((await again(sequence)).runIds));
    const statuses = await Promise.all(runs.map(async ({ id }) => (await bench.run(id)).status));
    expect(statuses).toEqual(['superseded', 'superseded', 'queued']);
    expect(await deliver(runs[2]?.id ?? '')).toMatchObject({ status: 'succeeded', snapshots: [{ sequence: 3 }] });
  });

  it('lets refreshes that come meanwhile run as usual, and then is stale', async () => {
    await bench.export();
    await delivered(1);
    await bench.rewound(1, 4);
    const replayed = await only((await again(1)).runIds);
    const live = await only((await bench.hear(refreshOf('Seg1', 2))).runIds);
    expect(await deliver(live.id)).toMatchObject({ status: 'succeeded' });
    await bench.readUpTo(10);
    expect(await bench.plan(replayed.id)).toBe(false);
    expect(await bench.run(replayed.id)).toMatchObject({ status: 'skipped', reason: { code: 'stale_snapshot' } });
  });

  it('does not bring old values back unless it is forced', async () => {
    await bench.export();
    await delivered(2);
    await bench.rewound(1, 10);
    const old = await only((await again(1)).runIds);
    expect(await bench.plan(old.id)).toBe(false);
    expect(await bench.run(old.id)).toMatchObject({ status: 'skipped', reason: { code: 'stale_snapshot' } });
    await bench.rewound(2, 10, { force: true });
    const forced = await only((await again(1, 2)).runIds);
    expect(await deliver(forced.id)).toMatchObject({ status: 'succeeded', snapshots: [{ sequence: 1 }] });
  });

  it('does not bring old values back after a run that has failed, but has delivered some', async () => {
    await bench.export();
    bench.planner.batchRows = [3, 2];
    await delivered(1);
    const { id } = await only((await bench.hear(refreshOf('Seg1', 2))).runIds);
    await bench.plan(id);
    await bench.say(id, 1);
    await bench.say(id, 2, { notAttempted: 2, error: 'staged_object_damaged' });
    expect(await bench.finish(id)).toMatchObject({ status: 'failed', counts: { accepted: 3 } });
    await bench.rewound(1, 10);
    const run = await only((await again(1)).runIds);
    expect(await bench.plan(run.id)).toBe(false);
    expect(await bench.run(run.id)).toMatchObject({ status: 'skipped', reason: { code: 'stale_snapshot' } });
  });

  it('has a run of its own in each replay and one in each, however often it comes', async () => {
    await bench.export();
    await delivered(1);
    await bench.rewound(1, 10);
    const first = await only((await again(1)).runIds);
    await deliver(first.id);
    await bench.rewound(2, 10);
    const second = await only((await again(1, 2)).runIds);
    expect(second.id).not.toBe(first.id);
    expect(await deliver(second.id)).toMatchObject({ status: 'succeeded' });
  });

  it('is told to the planner from the newest of its segment, which alone may be past its time', async () => {
    await bench.export({ segmentIds: ['Seg1', 'Static'] });
    await bench.hear(refreshOf('Static', 1));
    await delivered(2);
    await bench.rewound(1, 10, { force: true });
    const run = await only((await again(1)).runIds);
    await bench.plan(run.id);
    expect(bench.planner.jobs.at(-1)?.snapshots).toMatchObject([
      { segmentId: 'Seg1', sequence: 1, isNewest: false },
      { segmentId: 'Static', sequence: 1, isNewest: true },
    ]);
    expect(bench.planner.jobs[0]?.snapshots).toMatchObject([{ isNewest: true }, { isNewest: true }]);
  });

  it('is foreseen as it then happens', async () => {
    const { id: exportId } = await bench.export();
    const runs = await delivered(3);
    const foreign = refreshOf('Seg1', 4, { environmentId: 'elsewhere' });
    const failed = refreshOf('Seg1', 5, { refresh: { result: 'failed' } });
    const all = [1, 2, 3].map((sequence) => refreshOf('Seg1', sequence));
    const foresee = async (data: SegmentRefreshedV1[], change: { force?: boolean; unfinishedOnly?: boolean } = {}) => {
      const records = data.map((one, index) => ({
        source: '/upstream',
        eventId: `${index}`,
        type: 'segment.refreshed.v1',
        data: one,
      }));
      const question = { records, force: false, unfinishedOnly: false, ...change };
      const effects = await bench.get(ForeseeReplay).execute(bench.dataSource.manager, question);
      return effects.map(({ verdict, runId, records: count }) => [verdict, runId, count]);
    };
    const [first, second, third] = runs.map(({ id }) => id);
    expect(await foresee([...all, foreign, failed, refreshOf('Other', 1)])).toEqual([
      ['ignored', null, 1],
      ['skipped', null, 1],
      ['ignored', null, 1],
      ['superseded', first, 1],
      ['superseded', second, 1],
      ['runs', third, 1],
    ]);
    expect(await foresee(all.slice(0, 1))).toEqual([['stale', first, 1]]);
    expect(await foresee(all.slice(0, 1), { force: true })).toEqual([['runs', first, 1]]);
    expect(await foresee(all.slice(0, 1), { unfinishedOnly: true })).toEqual([['kept', first, 1]]);
    const past = (refresh: SegmentRefreshedV1) => ({
      ...refresh,
      snapshot: { ...refresh.snapshot, expiresAt: '2026-11-01T00:00:00Z' },
    });
    expect(await foresee([past(refreshOf('Seg1', 2))], { force: true })).toEqual([['expired', second, 1]]);
    // There is no newer one.
    expect(await foresee([past(refreshOf('Seg1', 3))])).toEqual([['runs', third, 1]]);
    expect(await bench.dataSource.query('SELECT 1 FROM runs WHERE export_id = $1', [exportId])).toHaveLength(3);
  });

  it('is given up with its replay where its run has not begun', async () => {
    await bench.export();
    const { id: begun } = await only((await bench.hear(refreshOf('Seg1', 1), { eventId: 'event-1' })).runIds);
    await deliver(begun);
    await bench.rewound(1, 4);
    const held = await only((await again(1)).runIds);
    await bench.rewound(2, 4);
    const another = await only((await again(1, 2)).runIds);
    const aborted = { epoch: 2, actor: 'ada', reason: 'the wrong week' };
    await bench.transaction((manager) => bench.get(CancelReplay).execute(manager, aborted));
    expect(await bench.run(another.id)).toMatchObject({
      status: 'canceled',
      reason: { code: 'replay_aborted', detail: 'ada ended the replay: the wrong week' },
    });
    expect((await bench.run(held.id)).status).toBe('superseded');
  });

  it('of several segments makes one run that uses each of them', async () => {
    await bench.export({ segmentIds: ['Seg1', 'Seg2'] });
    await bench.rewound(1, 10);
    await again(7);
    const { runIds } = await bench.hear(refreshOf('Seg2', 9), { epoch: 1 });
    expect(await only(runIds)).toMatchObject({ snapshots: [{ segmentId: 'Seg1' }, { segmentId: 'Seg2' }] });
    const job = { refresh: { workflowJobId: 'job-1', segmentIds: ['Seg1', 'Seg2'] } };
    await bench.rewound(2, 10);
    const one = await bench.hear(refreshOf('Seg1', 17, job), { epoch: 2 });
    const other = await bench.hear(refreshOf('Seg2', 19, job), { epoch: 2 });
    expect(other.runIds).toEqual(one.runIds);
    expect((await only(one.runIds)).snapshots.map(({ sequence }) => sequence)).toEqual([17, 19]);
  });

  it('is left alone where only what is unfinished is wanted and its run has ended well', async () => {
    await bench.export();
    await delivered(1);
    const failing = await only((await bench.hear(refreshOf('Seg1', 2), { eventId: 'event-2' })).runIds);
    await bench.plan(failing.id);
    for (const { number, rows } of await bench.batches(failing.id)) await bench.say(failing.id, number, { rejected: rows });
    expect(await bench.finish(failing.id)).toMatchObject({ status: 'failed' });
    await bench.rewound(1, 10, { unfinishedOnly: true });
    expect((await again(1)).runIds).toEqual([]);
    expect(await only((await again(2)).runIds)).toMatchObject({ replayOf: failing.id, status: 'queued' });
  });

  it('can be chosen by an administrator instead, while others run as usual', async () => {
    const exported = await bench.export();
    await bench.export({ segmentIds: ['Seg2'] });
    const [first, second] = await delivered(2);
    const how = { force: false, unfinishedOnly: false };
    const replay = bench.get(ReplayRuns);
    const plan = await replay.plan({ segmentId: 'Seg1', ...how });
    expect(plan).toMatchObject([{ run: { id: second?.id, exportId: exported.id }, verdict: 'runs' }]);
    expect(await replay.plan({ runId: first?.id ?? '', ...how })).toMatchObject([{ verdict: 'stale' }]);
    expect(await replay.plan({ exportId: exported.id, ...how, unfinishedOnly: true })).toMatchObject([{ verdict: 'ended_well' }]);
    const reason = 'the list was emptied';
    const ada = { sub: 'ada', name: 'Ada', roles: ['administrator' as const], address: null };
    const once = { earlier: null, record: () => Promise.resolve() } as Once;
    const live = await only((await bench.hear(refreshOf('Seg2', 1))).runIds);
    const [id = ''] = await replay.start({ exportId: exported.id, ...how }, { by: ada, reason }, once);
    expect(await bench.run(id)).toMatchObject({
      trigger: 'replay',
      replayOf: second?.id,
      replay: { epoch: 0, actor: 'ada', reason },
    });
    expect(await bench.audited()).toMatchObject([
      {
        action: 'run.repeated',
        actor: { sub: 'ada' },
        aggregate: { type: 'run', id },
        reason,
        related: [{ id: exported.id }, { id: second?.id }],
      },
    ]);
    expect(await deliver(live.id)).toMatchObject({ status: 'succeeded' });
    expect(await deliver(id)).toMatchObject({ status: 'succeeded', snapshots: [{ sequence: 2 }] });
  });

  it('and came to nothing does not hide the run that an administrator wants again', async () => {
    const exported = await bench.export();
    const [, newest] = await delivered(2);
    await bench.rewound(1, 10);
    const stale = await only((await again(1)).runIds);
    await bench.plan(stale.id);
    expect(await bench.run(stale.id)).toMatchObject({ status: 'skipped' });
    const found = await bench.get(RunStore).findReplayable(bench.dataSource.manager, { exportId: exported.id });
    expect(found.map(({ id }) => id)).toEqual([newest?.id]);
    expect(await bench.get(RunStore).findReplayable(bench.dataSource.manager, { runId: stale.id })).toHaveLength(1);
  });

  it('that failed upstream is skipped again', async () => {
    await bench.export();
    await bench.rewound(1, 10);
    const failed = await bench.hear(refreshOf('Seg1', 1, { refresh: { result: 'failed' } }), { epoch: 1 });
    expect(await only(failed.runIds)).toMatchObject({
      status: 'skipped',
      trigger: 'replay',
      reason: { code: 'upstream_failed' },
    });
  });
});
