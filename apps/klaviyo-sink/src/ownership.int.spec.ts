import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@courier/kernel';
import { Leases } from '@courier/persistence';
import { until } from '@courier/testing';
import { type SimulatedAccount, Simulator } from './testing/simulator';
import { type Announced, people, type Sink, SinkBench } from './testing/sink-bench';

const IMPORT = 'bulk_import_profiles';
const LEASE_MS = 300;
/** Long enough to look while a call hangs, short enough to wait for the end of a dead owner's call. */
const CALL_MS = 4_000;

describe('the ownership of an account', () => {
  let simulator: Simulator;
  let ends: AsyncDisposableStack;
  let bench: SinkBench;
  let account: SimulatedAccount;
  let connectionId: string;
  let first: Sink;

  beforeAll(async () => {
    simulator = await Simulator.start();
  });

  afterAll(async () => {
    await simulator.stop();
  });

  beforeEach(async () => {
    ends = new AsyncDisposableStack();
    account = await simulator.freshAccount();
    bench = await SinkBench.open({ klaviyoUrl: simulator.url, callTimeoutMs: CALL_MS });
    ends.defer(() => bench.close());
    first = await bench.sink();
    first.checks.start();
    connectionId = await bench.connected(first, account.apiKey);
  });

  afterEach(() => ends.disposeAsync());

  const finished = (announced: Announced) => until(async () => (await bench.outcomesOf(announced))[0]);
  const importCalls = () => simulator.calls(IMPORT).then((calls) => calls.filter(({ profiles }) => profiles !== null));

  /** An owner that dies the moment its call has left: the intent is written, nothing comes after it. */
  async function ownerDiedWhileSending(): Promise<Announced> {
    const announced = await bench.announce(first, connectionId, people(10));
    const lease = await new Leases(bench.dataSource).acquire(`account:${account.id}`, { ttlMs: LEASE_MS });
    expect(lease).not.toBeNull();
    await bench.dataSource.query(`UPDATE submissions SET state = 'sending', sent_at = clock_timestamp()`);
    await bench.dataSource.query('UPDATE deliveries SET calls = 1');
    return announced;
  }

  it('passes on after a death, and the new owner adopts the job that the dead one had made', async () => {
    const announced = await ownerDiedWhileSending();
    await simulator.importAs(account, announced.emails);
    first.deliveries.start();
    const outcome = await finished(announced);
    expect(outcome).toMatchObject({ counts: { accepted: 10 }, attempts: 1 });
    expect(outcome.jobIds).toEqual((await simulator.jobs(account)).map(({ id }) => id));
  });

  it('passes on after a death, and the new owner sends what had not arrived', async () => {
    const diedMs = Date.now();
    const announced = await ownerDiedWhileSending();
    first.deliveries.start();
    expect(await finished(announced)).toMatchObject({ counts: { accepted: 10 }, attempts: 2 });
    // The dead owner's call could still have been under way for as long as a call may take.
    const takenOverMs = Date.parse((await simulator.calls('get_bulk_import_profiles_jobs'))[0]?.at ?? '');
    expect(takenOverMs - diedMs).toBeGreaterThanOrEqual(LEASE_MS + CALL_MS);
    expect(await simulator.jobs(account)).toHaveLength(1);
  });

  it('passes on after a death even when all that is left to do is to end the call of a stopped run', async () => {
    const announced = await ownerDiedWhileSending();
    const { runId, exportId } = announced.batch;
    await bench.dataSource.query(`UPDATE connections SET standing = 'failed'`);
    const stop = { runId, exportId, connectionId, reason: 'deadline_exceeded', stoppedAt: new Date().toISOString() };
    await bench.transaction((manager) => first.stopRun.execute(manager, stop));
    first.deliveries.start();
    const outcome = await until(async () => (await bench.outcomesOf(announced))[0]);
    expect(outcome).toMatchObject({ counts: { unconfirmed: 10, notAttempted: 0 }, error: { code: 'run_stopped' } });
  });

  it('is with one of two instances at a time', async () => {
    await simulator.control('PUT', 'job-rules', { stuck: 'queued' });
    const second = await bench.sink();
    const runId = newId();
    const batches: Announced[] = [];
    for (let number = 1; number <= 6; number += 1) {
      batches.push(await bench.announce(first, connectionId, people(5, `n${number}`), { runId, number }));
    }
    first.deliveries.start();
    second.deliveries.start();
    await until(async () => (await simulator.jobs(account)).length === 6);
    const tokens: { token: string }[] = await bench.dataSource.query(`SELECT token FROM leases WHERE name = $1`, [
      `account:${account.id}`,
    ]);
    expect(tokens).toEqual([{ token: '1' }]);
    await simulator.control('PUT', 'job-rules', { stuck: false });
    for (const announced of batches) expect((await finished(announced)).attempts).toBe(1);
    expect(bench.errors).toEqual([]);
  });

  it('makes the writes of an old owner fail', async () => {
    await simulator.fault({ operation: IMPORT, kind: 'hang' });
    const announced = await bench.announce(first, connectionId, people(5));
    first.deliveries.start();
    await until(async () => (await bench.dataSource.query(`SELECT 1 FROM submissions WHERE state = 'sending'`)).length === 1);
    // As if the owner had been paused for longer than its lease and another one had taken over meanwhile.
    await bench.dataSource.query(
      `UPDATE leases SET token = token + 1, owner = 'somebody', expires_at = clock_timestamp() WHERE name = $1`,
      [`account:${account.id}`],
    );
    await until(() => bench.errors.length > 0);
    expect(bench.errors[0]).toMatchObject({ code: 'lease_lost' });
    const states: { state: string }[] = await bench.dataSource.query('SELECT state FROM submissions');
    expect(states).toEqual([{ state: 'sending' }]);
    expect(await finished(announced)).toMatchObject({ counts: { accepted: 5 }, attempts: 2 });
  });

  it('brings the quota along: a new owner does not start a burst of its own', async () => {
    const clock = 'extract(epoch FROM clock_timestamp()) * 1000';
    await bench.dataSource.query('DELETE FROM quotas');
    await bench.dataSource.query(
      `INSERT INTO quotas (account_key, bucket, starts) SELECT $1, 'imports', array_agg(${clock} - 5000 + n) FROM generate_series(1, $2) n`,
      [account.id, 135],
    );
    const turn = first.quota.turn(account.id, 'imports', { signal: AbortSignal.timeout(1_000) });
    await expect(turn).rejects.toMatchObject({ code: 'abandoned' });
  });

  it('ends the calls under way before it is given back', async () => {
    await simulator.fault({ operation: IMPORT, kind: 'hang' });
    await bench.announce(first, connectionId, people(5));
    first.deliveries.start();
    await until(async () => (await bench.dataSource.query(`SELECT 1 FROM submissions WHERE state = 'sending'`)).length === 1);
    await first.deliveries.stop();
    const states: { state: string }[] = await bench.dataSource.query('SELECT state FROM submissions');
    expect(states).toEqual([{ state: 'unanswered' }]);
    const free = await new Leases(bench.dataSource).acquire(`account:${account.id}`, {
      ttlMs: 300,
      graceMs: CALL_MS,
    });
    expect(free).not.toBeNull();
    expect(await importCalls()).toHaveLength(0);
  });
});
