import { Leases } from '@courier/persistence';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ExportRecord } from '../domain/export';
import { RunStore } from '../ports/run-store';
import { RefreshStore } from '../ports/refresh-store';
import { Settings } from '../ports/settings';
import { refreshOf } from '../testing/messages';
import { OrchestratorBench } from '../testing/orchestrator-bench';
import { SweepHistory } from './sweep-history';

const DAY_MIN = 24 * 60;

describe('the sweep of history', () => {
  let bench: OrchestratorBench;
  let exported: ExportRecord;

  beforeAll(async () => {
    bench = await OrchestratorBench.open();
  });
  beforeEach(async () => {
    await bench.reset();
    Object.assign(bench.get(Settings), { historyDays: 180, topicRetentionHours: 720, stagingDays: 30 });
    exported = await bench.export();
  });
  afterAll(() => bench.close());

  const sweep = () => bench.get(SweepHistory).execute();
  const passDays = (days: number) => bench.passMinutes(days * DAY_MIN);
  const ids = async (table: string): Promise<string[]> => {
    const rows: { id: string }[] = await bench.dataSource.query(`SELECT id FROM ${table}`);
    return rows.map(({ id }) => id);
  };
  const runsAfterSweep = async () => (await sweep(), new Set(await ids('runs')));

  /** A run of a refresh of the segment, delivered unless it is said otherwise. */
  const deliver = async (segmentId = 'Seg1', of = exported): Promise<string> => {
    const { runIds } = await bench.hear(bench.refreshOf(segmentId));
    const runs = await Promise.all(runIds.map((id) => bench.run(id)));
    const runId = runs.find(({ exportId }) => exportId === of.id)?.id ?? '';
    await bench.plan(runId);
    for (const { number } of await bench.batches(runId)) await bench.say(runId, number);
    await bench.finish(runId);
    return runId;
  };
  /** Upstream could not refresh the segment: the run is skipped, and somebody is told. */
  const skip = async (): Promise<string> => {
    const { runIds } = await bench.hear(bench.refreshOf('Seg1', { refresh: { result: 'failed' } }));
    return runIds[0] ?? '';
  };
  const raisedAt = (runId: string) =>
    bench.dataSource.query('UPDATE alerts SET raised_at = (SELECT finished_at FROM runs WHERE id = $1)', [runId]);

  it('forgets runs and their batches past their days, but never the last one of an export', async () => {
    const old = await deliver();
    passDays(1);
    const last = await deliver();
    const other = await bench.export({ segmentIds: ['Seg2'] });
    const otherLast = await deliver('Seg2', other);
    passDays(179);
    expect(await runsAfterSweep()).toEqual(new Set([old, last, otherLast]));
    passDays(1);
    expect(await runsAfterSweep()).toEqual(new Set([last, otherLast]));
    expect(await bench.batches(old)).toEqual([]);
    passDays(1_000);
    expect(await runsAfterSweep()).toEqual(new Set([last, otherLast]));
    expect((await bench.batches(last)).length).toBeGreaterThan(0);
  });

  it.each([
    ['topics keep their records', { historyDays: 1, topicRetentionHours: 720, stagingDays: 1 }],
    ['staged objects are kept', { historyDays: 1, topicRetentionHours: 24, stagingDays: 30 }],
  ])('keeps what a replay may ask for, as long as %s and longer', async (_name, settings) => {
    Object.assign(bench.get(Settings), settings);
    const old = await deliver();
    const last = await deliver();
    passDays(38);
    expect(await runsAfterSweep()).toEqual(new Set([old, last]));
    passDays(2);
    expect(await runsAfterSweep()).toEqual(new Set([last]));
  });

  it('keeps the run by which it is known what was delivered of each segment, whatever came to nothing after it', async () => {
    exported = await bench.export({ segmentIds: ['SegA', 'SegB'] });
    const both = await deliver('SegA');
    await bench.dataSource.query('DELETE FROM refreshes');
    const ofB = await deliver('SegB');
    const ofA = [await deliver('SegA'), await deliver('SegA')];
    await bench.dataSource.query(
      `UPDATE runs SET snapshots = (SELECT jsonb_agg(one) FROM jsonb_array_elements(snapshots) one WHERE one ->> 'segmentId' = 'SegA')
       WHERE id = ANY($1)`,
      [ofA],
    );
    const known = () => bench.get(RunStore).deliveredSequences(bench.dataSource.manager, exported.id, null);
    const before = await known();
    expect(before.size).toBe(2);
    passDays(400);
    const failed = await deliver('SegA');
    await bench.dataSource.query(
      `UPDATE runs SET status = 'failed', counts = counts || '{"accepted": 0, "unconfirmed": 0}' WHERE id = $1`,
      [failed],
    );
    const left = await runsAfterSweep();
    expect(left).toEqual(new Set([ofB, ofA[1], failed]));
    expect(left.has(both)).toBe(false);
    expect(await known()).toEqual(before);
  });

  it('keeps the run that brought the newest of a segment that was reset, not one that brought a higher sequence before', async () => {
    const hearAs = async (sequence: number): Promise<string> => {
      const { runIds } = await bench.hear(refreshOf('Seg1', sequence));
      const [runId = ''] = runIds;
      await bench.plan(runId);
      for (const { number } of await bench.batches(runId)) await bench.say(runId, number);
      await bench.finish(runId);
      return runId;
    };
    await hearAs(1_000_000);
    await bench.transaction((manager) => bench.get(RefreshStore).resetSequence(manager, 'Seg1', null));
    const newest = await hearAs(2);
    const known = () => bench.get(RunStore).deliveredSequences(bench.dataSource.manager, exported.id, null);
    const before = await known();
    const last = await hearAs(1);
    passDays(400);
    expect(await runsAfterSweep()).toEqual(new Set([newest, last]));
    expect(await known()).toEqual(before);
  });

  it('keeps the run that an open alert is about', async () => {
    const raised = await skip();
    await raisedAt(raised);
    passDays(1);
    const repeated = await skip();
    const last = await skip();
    passDays(400);
    expect(await bench.alerts()).toHaveLength(1);
    expect(await runsAfterSweep()).toEqual(new Set([raised, last]));
    expect(await ids('runs')).not.toContain(repeated);
    await bench.dataSource.query('DELETE FROM alerts');
    expect(await runsAfterSweep()).toEqual(new Set([last]));
  });

  it.each(['replay_of', 'resends'])('keeps a run while one that has not ended names it in %s', async (column) => {
    const original = await deliver();
    await deliver();
    passDays(400);
    const { runIds } = await bench.hear(bench.refreshOf('Seg1'));
    await bench.dataSource.query(`UPDATE runs SET ${column} = $2 WHERE id = $1`, [runIds[0], original]);
    expect(await runsAfterSweep()).toContain(original);
    await bench.dataSource.query('UPDATE runs SET finished_at = now() WHERE id = $1', [runIds[0]]);
    expect(await runsAfterSweep()).not.toContain(original);
  });

  it('leaves alone runs that have not ended', async () => {
    const { runIds } = await bench.hear(bench.refreshOf('Seg1'));
    passDays(1_000);
    const last = await deliver();
    expect(await runsAfterSweep()).toEqual(new Set([...runIds, last]));
  });

  describe('of refreshes', () => {
    const heard = async (
      segmentId: string,
      change: Parameters<OrchestratorBench['refreshOf']>[1] & { sequence?: number } = {},
    ) => {
      const { sequence, ...said } = change;
      const refresh = bench.refreshOf(segmentId, said);
      bench.passMinutes(1);
      return (await bench.hear(sequence === undefined ? refresh : { ...refresh, sequence })).id;
    };
    const leftOf = async () => (await sweep(), new Set(await ids('refreshes')));
    const failed = { refresh: { result: 'failed' as const } };
    const foreign = { environmentId: 'another' };

    it('forgets those past their days, but what a segment is known by stays', async () => {
      const [old, newestGood, newestOfAll] = [await heard('S'), await heard('S'), await heard('S', failed)];
      const only = await heard('T');
      const ignored = await heard('U', foreign);
      const store = bench.get(RefreshStore);
      const known = async () => {
        const newest = await bench.transaction((manager) => store.sequenceOf(manager, 'S'));
        return [newest, await store.newestSnapshots(bench.dataSource.manager, ['S', 'T', 'U'])];
      };
      const before = await known();
      passDays(179);
      expect(await leftOf()).toEqual(new Set([old, newestGood, newestOfAll, only, ignored]));
      passDays(2);
      expect(await leftOf()).toEqual(new Set([newestGood, newestOfAll, only]));
      expect(await known()).toEqual(before);
    });

    it('keeps the newest one of a segment whose sequence was set back', async () => {
      const high = await heard('S', { sequence: 1_000_000 });
      const low = await heard('S');
      passDays(400);
      expect(await leftOf()).toEqual(new Set([high, low]));
    });

    it.each([
      ['came', 0],
      ['was first heard of in a replay', 1],
    ])('never takes for its last one what %s and is read again, and forgets both in the end', async (_how, epoch) => {
      const old = refreshOf('S', 1_000);
      const before = (await bench.hear(old, { eventId: 'old', epoch })).id;
      bench.passMinutes(1);
      const newest = (await bench.hear(refreshOf('S', 1_001))).id;
      const last = async () => {
        const listed = await bench.get(RefreshStore).listLastOfSegments(bench.dataSource.manager, { segmentId: 'S', limit: 2 });
        return listed.map(({ id }) => id);
      };
      passDays(100);
      const again = (await bench.hear(old, { eventId: 'old', epoch: epoch + 1 })).id;
      passDays(100);
      expect(await leftOf()).toEqual(new Set([before, newest, again]));
      expect(await last()).toEqual([newest]);
      passDays(100);
      expect(await leftOf()).toEqual(new Set([newest]));
      expect(await last()).toEqual([newest]);
    });

    it('goes on piece by piece until nothing old is left', async () => {
      await bench.dataSource.query(
        `INSERT INTO refreshes (id, event_id, segment_id, sequence, refresh_id, result, snapshot, received_at, verdict, run_ids)
         SELECT gen_random_uuid(), n::text, 'S', n, 'r', 'successful', '{}', $1::timestamptz + n * interval '1 second', 'recorded', '{}'
         FROM generate_series(1, 2500) n`,
        [bench.clock.now()],
      );
      passDays(200);
      expect((await leftOf()).size).toBe(1);
    });
  });

  it('finds what is old, and what is newest, by an index', async () => {
    const plan = async (sql: string) => {
      await bench.dataSource.query('ANALYZE runs; ANALYZE refreshes');
      return bench.dataSource.transaction(async (manager) => {
        await manager.query('SET LOCAL enable_seqscan = off');
        return JSON.stringify(await manager.query(`EXPLAIN ${sql}`));
      });
    };
    expect(await plan(`SELECT id FROM runs WHERE finished_at < now() ORDER BY finished_at LIMIT 50`)).toContain('runs_ended');
    expect(await plan(`SELECT id FROM refreshes WHERE received_at < now() ORDER BY received_at LIMIT 50`)).toContain(
      'refreshes_by_age',
    );
    const newest = `SELECT id FROM refreshes WHERE segment_id = 'S' AND result = 'successful' ORDER BY era DESC, sequence DESC, received_at LIMIT 1`;
    expect(await plan(newest)).toContain('refreshes_newest');
  });

  it('does nothing while another instance sweeps', async () => {
    await deliver();
    await deliver();
    passDays(400);
    const left = await bench.get(Leases).hold('sweep-history', { ttlMs: 60_000 }, runsAfterSweep);
    expect(left?.size).toBe(2);
  });
});
