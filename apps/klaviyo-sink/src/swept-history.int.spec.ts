import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@courier/kernel';
import { until } from '@courier/testing';
import { type SimulatedAccount, Simulator } from './testing/simulator';
import { type Announced, people, type Sink, SinkBench } from './testing/sink-bench';

describe('the sweep of history', () => {
  let simulator: Simulator;
  let bench: SinkBench;
  let sink: Sink;
  let account: SimulatedAccount;
  let connectionId: string;

  beforeAll(async () => {
    simulator = await Simulator.start();
    bench = await SinkBench.open({ klaviyoUrl: simulator.url });
    sink = await bench.sink();
    bench.start(sink);
  });
  beforeEach(async () => {
    account = await simulator.freshAccount();
    connectionId = await bench.connected(sink, account.apiKey);
    await bench.dataSource.query('TRUNCATE deliveries, submissions, lost_calls, runs, replayed_runs');
  });
  afterAll(async () => {
    await bench.close();
    await simulator.stop();
  });

  const count = async (table: string): Promise<number> => {
    const [row]: { count: number }[] = await bench.dataSource.query(`SELECT count(*)::int FROM ${table}`);
    return row?.count ?? -1;
  };
  const counts = async () =>
    Object.fromEntries(
      await Promise.all(
        ['deliveries', 'submissions', 'lost_calls', 'runs', 'replayed_runs'].map(async (table) => [table, await count(table)]),
      ),
    ) as Record<string, number>;
  const deliver = async (): Promise<Announced> => {
    const announced = await bench.announce(sink, connectionId, people(3));
    await until(async () => (await bench.outcomesOf(announced)).length === 1);
    return announced;
  };
  /** As if everything that is known by now had happened so many days ago. */
  const age = async (days: number) => {
    for (const [table, time] of [
      ['deliveries', 'finished_at'],
      ['runs', 'created_at'],
      ['replayed_runs', 'told_at'],
    ]) {
      await bench.dataSource.query(`UPDATE ${table} SET ${time} = ${time} - $1 * interval '1 day'`, [days]);
    }
  };

  it('forgets what has ended past its days, and nothing younger', async () => {
    const old = await deliver();
    await bench.dataSource.query('INSERT INTO lost_calls (submission_id, sent_at) SELECT id, now() FROM submissions');
    await age(181);
    const young = await deliver();
    await age(179);
    const youngest = await deliver();
    await sink.sweepHistory.execute();
    const left: { batch_id: string }[] = await bench.dataSource.query('SELECT batch_id FROM deliveries');
    expect(left.map(({ batch_id: id }) => id).sort()).toEqual([young, youngest].map(({ batch }) => batch.batchId).sort());
    expect(await counts()).toEqual({ deliveries: 2, submissions: 2, lost_calls: 0, runs: 2, replayed_runs: 0 });
    // What the topic brings once more although it is too old by now has no second delivery.
    const again = { ...old.batch, requestedAt: new Date(Date.now() - 181 * 86_400_000).toISOString() };
    expect(await bench.transaction((manager) => sink.requestDelivery.execute(manager, again, 0))).toBe('expired');
    expect(await count('deliveries')).toBe(2);
  });

  it('keeps what has not ended, however old, and the newer runs that it is measured by', async () => {
    const [exportId, runId, newer] = [newId(), newId(), newId()];
    const run = `INSERT INTO runs (run_id, export_id, connection_id, list_id, kind, sequence) VALUES ($1, $2, $3, 'LST001', 'full', $4)`;
    // Of a connection that nobody knows, so that no worker takes it up.
    const unknown = newId();
    await bench.dataSource.query(run, [runId, exportId, unknown, 1]);
    await bench.dataSource.query(run, [newer, exportId, unknown, 2]);
    await bench.dataSource.query(
      `INSERT INTO deliveries (id, batch_id, epoch, run_id, export_id, connection_id, attempt, number, list_id, rows, object)
       VALUES ($1, $1, 0, $2, $3, $4, 1, 1, 'LST001', 1, '{}')`,
      [newId(), runId, exportId, unknown],
    );
    await bench.dataSource.query(
      `INSERT INTO submissions (id, delivery_id, ranges, rows) SELECT gen_random_uuid(), id, '[[0,0]]', 1 FROM deliveries`,
    );
    await age(1_000);
    await sink.sweepHistory.execute();
    expect(await counts()).toMatchObject({ deliveries: 1, submissions: 1, runs: 2 });
    await bench.dataSource.query(`UPDATE deliveries SET state = 'finished', outcome = '{}', finished_at = now()`);
    await age(181);
    await sink.sweepHistory.execute();
    expect(await counts()).toMatchObject({ deliveries: 0, submissions: 0, runs: 0 });
  });

  it('keeps a run that was stopped before its first batch came, and a replay that was not told yet', async () => {
    const run = { runId: newId(), exportId: newId(), connectionId };
    await bench.transaction((manager) =>
      sink.stopRun.execute(manager, { ...run, reason: 'canceled', stoppedAt: new Date().toISOString() }),
    );
    const { batch } = await deliver();
    await bench.dataSource.query(
      `INSERT INTO replayed_runs (id, run_id, export_id, epoch, unfinished_only, batches, rows) VALUES ($1, $2, $3, 7, false, 1, 3)`,
      [newId(), batch.runId, batch.exportId],
    );
    await bench.dataSource.query('DELETE FROM submissions');
    await bench.dataSource.query('DELETE FROM deliveries');
    await age(179);
    await sink.sweepHistory.execute();
    expect(await counts()).toMatchObject({ runs: 2, replayed_runs: 1 });
    await age(2);
    await sink.sweepHistory.execute();
    expect(await counts()).toMatchObject({ runs: 1, replayed_runs: 1 });
    await bench.dataSource.query(`UPDATE replayed_runs SET told_at = now() - interval '181 days'`);
    await sink.sweepHistory.execute();
    expect(await counts()).toMatchObject({ runs: 0, replayed_runs: 0 });
  });

  it('goes on piece by piece, and finds what is old by an index', async () => {
    await bench.dataSource.query(
      `INSERT INTO runs (run_id, export_id, connection_id, created_at)
       SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), now() - interval '181 days' FROM generate_series(1, 2500)`,
    );
    await bench.dataSource.query(
      `INSERT INTO deliveries (id, batch_id, epoch, run_id, export_id, connection_id, attempt, number, list_id, rows, object, state, outcome,
         finished_at)
       SELECT gen_random_uuid(), gen_random_uuid(), 0, run_id, export_id, connection_id, 1, 1, 'L', 1, '{}', 'finished', '{}', created_at
       FROM runs`,
    );
    await sink.sweepHistory.execute();
    expect(await counts()).toMatchObject({ deliveries: 0, runs: 0 });
    const plan = (sql: string) =>
      bench.dataSource.transaction(async (manager) => {
        await manager.query('SET LOCAL enable_seqscan = off');
        return JSON.stringify(await manager.query(`EXPLAIN ${sql}`));
      });
    const ended = `SELECT id FROM deliveries WHERE state = 'finished' AND finished_at < now() ORDER BY finished_at LIMIT 9`;
    expect(await plan(ended)).toContain('deliveries_ended');
    expect(await plan('SELECT run_id FROM runs WHERE created_at < now() ORDER BY created_at LIMIT 9')).toContain('runs_by_age');
    expect(await plan(`SELECT 1 FROM deliveries WHERE run_id = '${newId()}'`)).toContain('deliveries_of_run');
  });
});
