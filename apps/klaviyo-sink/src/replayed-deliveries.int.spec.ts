import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type BatchFinishedV1, type BatchRequestedV1, resentRunId } from '@courier/contracts';
import { derivedId, newId } from '@courier/kernel';
import { Leases } from '@courier/persistence';
import { until } from '@courier/testing';
import { BenchReplay } from './testing/bench-replay';
import { type SimulatedAccount, Simulator } from './testing/simulator';
import { type Announced, people, type Sink, SinkBench } from './testing/sink-bench';

const IMPORT = 'bulk_import_profiles';

/** What an operator's rewind of `klaviyo.batches` leads to. The rewind itself is the intake's business. */
describe('a batch in a replay', () => {
  const ends = new AsyncDisposableStack();
  let simulator: Simulator;
  let bench: SinkBench;
  let sink: Sink;
  let account: SimulatedAccount;
  let connectionId: string;
  let exportId: string;

  beforeAll(async () => {
    simulator = await Simulator.start();
    ends.defer(() => simulator.stop());
    bench = await SinkBench.open({ klaviyoUrl: simulator.url });
    ends.defer(() => bench.close());
    sink = await bench.sink();
    bench.start(sink);
  });

  afterAll(() => ends.disposeAsync());

  beforeEach(async () => {
    account = await simulator.freshAccount();
    exportId = newId();
    connectionId = await bench.connected(sink, account.apiKey);
  });

  afterEach(() => {
    expect(bench.errors).toEqual([]);
  });

  /** A batch of so many people, which tells the batches apart in Klaviyo's calls, in a run of its own. */
  const announce = (count: number, run?: BatchRequestedV1['run'], changed: Partial<BatchRequestedV1> = {}) =>
    bench.announce(sink, connectionId, people(count), { exportId, ...(run ? { run } : {}), ...changed });
  const finished = (announced: Announced, times = 1) =>
    until(async () => {
      const told = await bench.outcomesOf(announced);
      return told.length >= times ? told[times - 1] : undefined;
    });
  const delivered = async (count: number, run?: BatchRequestedV1['run'], changed: Partial<BatchRequestedV1> = {}) => {
    const announced = await announce(count, run, changed);
    await finished(announced);
    return announced;
  };
  const begin = (options = {}) => BenchReplay.begin(bench, sink, options);
  /** How many people each accepted import had, in order. */
  const imports = async () =>
    (await simulator.calls(IMPORT)).filter(({ status }) => status === 202).map(({ profiles }) => profiles);
  const holdJobs = () => simulator.control('PUT', 'job-rules', { stuck: 'processing' });
  const letJobsEnd = () => simulator.control('PUT', 'job-rules', { stuck: false });
  const standing = async (is: 'ok' | 'failed') => {
    await bench.dataSource.query('UPDATE connections SET standing = $2 WHERE connection_id = $1', [connectionId, is]);
    sink.deliveries.wake();
  };
  const accepted = (count: number) =>
    until(async () => {
      const sql = `SELECT 1 FROM live_submissions WHERE state = 'accepted' AND connection_id = $1`;
      return (await bench.dataSource.query(sql, [connectionId])).length === count;
    });
  const foreseen = async (announced: Announced[], unfinishedOnly = false) => {
    const records = announced.map(({ batch }) => {
      return { source: '/spec', eventId: batch.batchId, type: 'klaviyo.batch-requested.v1', data: batch };
    });
    const effects = await sink.foreseeReplay.execute(bench.dataSource.manager, { records, force: false, unfinishedOnly });
    return effects.map(({ verdict, runId }) => `${verdict} ${runId}`);
  };
  const superseded = (rows: number) => ({ counts: { notAttempted: rows }, attempts: 0, error: { code: 'superseded' } });

  it('is sent exactly once more when it was finished, and its outcome names the epoch', async () => {
    const batch = await delivered(3);
    const replay = await begin();
    expect(await replay.takeIn(batch)).toBe('created');
    expect(await replay.takeIn(batch)).toMatch(/continues|outcome_repeated/);
    const outcome = await finished(batch, 2);
    const { epoch } = replay;
    expect(outcome).toMatchObject({ counts: { accepted: 3 }, epoch });
    expect(outcome.deliveryId).toBe(derivedId('delivery', batch.batch.batchId, epoch));
    expect((await finished(batch)).epoch).toBeUndefined();
    expect(await imports()).toEqual([3, 3]);
  });

  it('is sent no more when it comes again after a crash, outside and inside of a replay', async () => {
    const batch = await delivered(3);
    const replay = await begin();
    await replay.takeIn(batch);
    const second = await finished(batch, 2);
    const redelivered = (manager: Parameters<typeof sink.requestDelivery.execute>[0]) =>
      sink.requestDelivery.execute(manager, batch.batch, 0);
    expect(await bench.transaction(redelivered)).toBe('outcome_repeated');
    expect(await replay.takeIn(batch)).toBe('outcome_repeated');
    const [first, , ...repeated] = await bench.outcomesOf(batch);
    expect(repeated).toEqual([first, second]);
    expect(await imports()).toEqual([3, 3]);
  });

  it('just continues when it has not ended yet', async () => {
    await holdJobs();
    const batch = await announce(3);
    await accepted(1);
    const replay = await begin();
    expect(await replay.takeIn(batch)).toBe('continues');
    await letJobsEnd();
    expect((await finished(batch)).epoch).toBeUndefined();
    await replay.wasRead();
    expect(await imports()).toEqual([3]);
    expect(await bench.replayOf(batch.batch.runId)).toEqual([]);
  });

  it('is delivered as for the first time when the database does not know it', async () => {
    const batch = await delivered(3);
    await bench.dataSource.query('TRUNCATE deliveries, submissions, lost_calls');
    const replay = await begin();
    expect(await replay.takeIn(batch)).toBe('created');
    expect(await finished(batch, 2)).toMatchObject({ deliveryId: derivedId('delivery', batch.batch.batchId, 0) });
    expect((await finished(batch, 2)).epoch).toBeUndefined();
  });

  it('is kept in a replay of what is unfinished when it ended well, and sent when rows are unconfirmed', async () => {
    const well = await delivered(3);
    await simulator.control('PUT', 'job-rules', { cancelled: true });
    const badly = await delivered(5);
    await simulator.control('PUT', 'job-rules', { cancelled: false });
    const replay = await begin({ unfinishedOnly: true });
    expect(await replay.takeIn(well)).toBe('kept');
    expect(await replay.takeIn(badly)).toBe('created');
    expect((await finished(badly, 2)).counts.accepted).toBe(5);
    expect(await imports()).toEqual([3, 5, 5]);
  });

  it('is superseded by a newer full run of its export and list, and by no other run', async () => {
    const run = (kind: 'full' | 'incremental', sequence: number) => ({ kind, sequence });
    const old = await delivered(2, run('full', 10));
    const increment = await delivered(3, run('incremental', 11));
    const full = await delivered(4, run('full', 12));
    const elsewhere = await delivered(5, run('incremental', 1), { exportId: newId() });
    const replay = await begin();
    for (const batch of [old, increment, full, elsewhere]) await replay.takeIn(batch);
    expect(await finished(old, 2)).toMatchObject({ ...superseded(2), epoch: replay.epoch });
    expect(await finished(increment, 2)).toMatchObject(superseded(3));
    expect((await finished(full, 2)).counts.accepted).toBe(4);
    expect((await finished(elsewhere, 2)).counts.accepted).toBe(5);
  });

  it('is superseded by any newer run in a replay of what is unfinished', async () => {
    await simulator.control('PUT', 'job-rules', { cancelled: true });
    const old = await delivered(2, { kind: 'full', sequence: 20 });
    await simulator.control('PUT', 'job-rules', { cancelled: false });
    await delivered(3, { kind: 'incremental', sequence: 21 });
    const replay = await begin({ unfinishedOnly: true });
    await replay.takeIn(old);
    expect(await finished(old, 2)).toMatchObject(superseded(2));
  });

  it('is superseded by a newer full run that comes while it waits for its call', async () => {
    const old = await delivered(2, { kind: 'incremental', sequence: 30 });
    const replay = await begin();
    await standing('failed');
    await replay.takeIn(old);
    const newer = await announce(3, { kind: 'full', sequence: 31 });
    await standing('ok');
    expect(await finished(old, 2)).toMatchObject(superseded(2));
    expect((await finished(newer)).counts.accepted).toBe(3);
    expect(await imports()).toEqual([2, 3]);
  });

  it('waits until what an older run sent to the list has ended', async () => {
    const monday = await delivered(3);
    const tuesday = await delivered(5);
    const replay = await begin();
    await holdJobs();
    await replay.takeIn(monday);
    await replay.takeIn(tuesday);
    await accepted(1);
    const looks = (await simulator.calls('get_bulk_import_profiles_jobs')).length;
    await until(async () => (await simulator.calls('get_bulk_import_profiles_jobs')).length > looks + 1);
    expect(await imports()).toEqual([3, 5, 3]);
    await letJobsEnd();
    await finished(tuesday, 2);
    expect(await imports()).toEqual([3, 5, 3, 5]);
  });

  it('comes before a newer batch that was not sent yet', async () => {
    const monday = await delivered(3);
    await standing('failed');
    const tuesday = await announce(5);
    const replay = await begin();
    await replay.takeIn(monday);
    expect(await replay.takeIn(tuesday)).toBe('continues');
    await standing('ok');
    expect((await finished(tuesday)).epoch).toBeUndefined();
    expect(await imports()).toEqual([3, 3, 5]);
  });

  it('is sent once more, although it has not ended, when older values come after its call', async () => {
    const monday = await delivered(3);
    await holdJobs();
    const tuesday = await announce(5);
    await accepted(1);
    const of = (verdict: string, { batch }: Announced) => `${verdict} ${batch.runId}`;
    expect(await foreseen([monday, tuesday])).toEqual([of('sends', monday), of('sends', tuesday)]);
    expect(await foreseen([tuesday, monday])).toEqual([of('continues', tuesday), of('sends', monday)]);
    const replay = await begin();
    await replay.takeIn(monday);
    expect(await replay.takeIn(tuesday)).toBe('created');
    await letJobsEnd();
    expect(await finished(tuesday, 2)).toMatchObject({ counts: { accepted: 5 }, epoch: replay.epoch });
    expect(await imports()).toEqual([3, 5, 3, 5]);
  });

  it('has one effect when its owner dies in the middle of it', async () => {
    const batch = await delivered(10);
    const replay = await begin();
    await standing('failed');
    await replay.takeIn(batch);
    // Held until the spec has set the stage, and never let go of in good order.
    const held = { ttlMs: 600_000 };
    await until(async () => (await new Leases(bench.dataSource).acquire(`account:${account.id}`, held)) !== null);
    await bench.dataSource.query(
      `UPDATE submissions s SET state = 'sending', sent_at = clock_timestamp() FROM deliveries d
       WHERE d.id = s.delivery_id AND d.batch_id = $1 AND d.epoch = $2`,
      [batch.batch.batchId, replay.epoch],
    );
    await bench.dataSource.query('UPDATE deliveries SET calls = 1 WHERE batch_id = $1', [batch.batch.batchId]);
    await simulator.importAs(account, batch.emails);
    await replay.takeIn(batch);
    await standing('ok');
    const expire = 'UPDATE leases SET expires_at = clock_timestamp() WHERE name = $1';
    await bench.dataSource.query(expire, [`account:${account.id}`]);
    const outcome = await finished(batch, 2);
    expect(outcome).toMatchObject({ counts: { accepted: 10 }, attempts: 1, epoch: replay.epoch });
    expect(await imports()).toEqual([10, 10]);
  });

  it('counts for its run, which is told once when the range was read', async () => {
    const runId = newId();
    const batches = [await delivered(2, undefined, { runId, number: 1 }), await delivered(3, undefined, { runId, number: 2 })];
    const replay = await begin({ reason: 'CRM-7' });
    const { epoch } = replay;
    for (const batch of batches) await replay.takeIn(batch);
    // The epochs are looked at in order, so a later one that is told shows that this one was looked at.
    const another = await begin();
    const other = await delivered(4);
    await another.takeIn(other);
    await another.wasRead();
    await until(async () => (await bench.replayOf(other.batch.runId)).length > 0);
    expect(await bench.replayOf(runId)).toEqual([]);
    await replay.wasRead();
    const told = await until(async () => (await bench.replayOf(runId))[0]);
    expect(told).toMatchObject({ runId, exportId, epoch, actor: 'ada', reason: 'CRM-7', batches: 2, rows: 5 });
    await finished(other, 2);
    const last = await begin();
    await last.takeIn(other);
    await last.wasRead();
    await until(async () => (await bench.replayOf(other.batch.runId)).length > 1);
    expect(await bench.replayOf(runId)).toHaveLength(1);
  });

  it('is foreseen as it then happens, by run', async () => {
    const old = await delivered(2, { kind: 'full', sequence: 40 });
    const full = await delivered(4, { kind: 'full', sequence: 41 });
    const gone = await delivered(3, undefined, { exportId: newId() });
    rmSync(join(bench.stagingFolder, gone.batch.object.path));
    await standing('failed');
    const waiting = await announce(5, { kind: 'full', sequence: 42 }, { exportId: newId() });
    const batches = [old, full, gone, waiting];
    const runs = batches.map(({ batch }) => batch.runId);
    const said = (...verdicts: string[]) => verdicts.map((verdict, index) => `${verdict} ${runs[index]}`);
    expect(await foreseen(batches)).toEqual(said('superseded', 'sends', 'expired', 'continues'));
    expect(await foreseen(batches, true)).toEqual(said('kept', 'kept', 'kept', 'continues'));
    await standing('ok');
    await finished(waiting);
  });

  it('is not sent when its replay is given up before its call', async () => {
    const batch = await delivered(2);
    const replay = await begin();
    await standing('failed');
    await replay.takeIn(batch);
    await bench.transaction((manager) => sink.replayedRuns.stop(manager, replay.epoch, 'replay_aborted'));
    await standing('ok');
    expect(await finished(batch, 2)).toMatchObject({ counts: { notAttempted: 2 }, error: { code: 'run_stopped' } });
    expect(await imports()).toEqual([2]);
  });

  it('is not sent when a person had canceled its run, or cancels the replay', async () => {
    const stop = (runId: string, reason: string) => {
      const stopped = { runId, exportId, connectionId, reason, stoppedAt: new Date().toISOString() };
      return bench.transaction((manager) => sink.stopRun.execute(manager, stopped));
    };
    const canceled = await delivered(2);
    const late = await delivered(3);
    const unwanted = await delivered(4);
    await stop(canceled.batch.runId, 'canceled');
    await stop(late.batch.runId, 'deadline_exceeded');
    const replay = await begin();
    await standing('failed');
    for (const batch of [canceled, late, unwanted]) await replay.takeIn(batch);
    await stop(resentRunId(unwanted.batch.runId, replay.epoch), 'canceled');
    await standing('ok');
    const stopped = (rows: number): Partial<BatchFinishedV1> =>
      expect.objectContaining({
        attempts: 0,
        counts: expect.objectContaining({ notAttempted: rows }),
      }) as Partial<BatchFinishedV1>;
    expect(await finished(canceled, 2)).toEqual(stopped(2));
    expect(await finished(unwanted, 2)).toEqual(stopped(4));
    expect((await finished(late, 2)).counts.accepted).toBe(3);
  });

  it('that waits for its connection is told of as of the replay, and not of its run', async () => {
    const batch = await delivered(2);
    const { runId } = batch.batch;
    const replay = await begin();
    const { epoch } = replay;
    await standing('failed');
    await replay.takeIn(batch);
    expect(await bench.waitsOf(runId)).toMatchObject([{ epoch, waiting: { reason: 'connection_needs_attention' } }]);
    const ended = await bench.transaction((manager) => sink.connections.endWaiting(manager, connectionId));
    expect(ended).toMatchObject([{ runId, epoch, since: null }]);
    await standing('ok');
    expect((await finished(batch, 2)).counts.accepted).toBe(2);
  });

  it('is sent to a list that was missing before and is there now', async () => {
    const batch = await announce(2, undefined, { listId: 'LATE01' });
    expect(await finished(batch)).toMatchObject({ error: { code: 'list_not_found' } });
    const lists = [{ id: 'LATE01', name: 'Late' }];
    const keys = [{ key: account.apiKey, scopes: 'all' }];
    await simulator.control('PUT', 'state', { accounts: [{ id: account.id, keys, lists }] });
    const replay = await begin();
    await replay.takeIn(batch);
    expect((await finished(batch, 2)).counts.accepted).toBe(2);
  });
});
