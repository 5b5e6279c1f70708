import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@courier/kernel';
import { until } from '@courier/testing';
import type { QuotaBucket } from './accounts/quota';
import { type SimulatedAccount, Simulator, UNTIL_LIFTED } from './testing/simulator';
import { people, type Sink, SinkBench } from './testing/sink-bench';

/** The end of the process, as SIGTERM begins it. */
describe('a sink that is stopped', () => {
  let ends: AsyncDisposableStack;
  let simulator: Simulator;
  let bench: SinkBench;
  let account: SimulatedAccount;
  let sink: Sink;

  beforeEach(async () => {
    ends = new AsyncDisposableStack();
    simulator = await Simulator.start();
    ends.defer(() => simulator.stop());
    account = await simulator.freshAccount();
    bench = await SinkBench.open({ klaviyoUrl: simulator.url, callTimeoutMs: 4_000 });
    ends.defer(() => bench.close());
    sink = await bench.sink();
    sink.checks.start();
  });

  afterEach(() => ends.disposeAsync());

  /** Nothing starts for the account while the spec lasts: a stop that waited for its turn would outlast it. */
  const block = (accountKey: string, bucket: QuotaBucket) =>
    bench.dataSource.query(
      `INSERT INTO quotas (account_key, bucket, blocked_until) VALUES ($1, $2, extract(epoch FROM clock_timestamp()) * 1000 + 3600000)
       ON CONFLICT (account_key, bucket) DO UPDATE SET blocked_until = excluded.blocked_until`,
      [accountKey, bucket],
    );
  const reserved = (accountKey: string, bucket: QuotaBucket) => async () => {
    const sql = 'SELECT cardinality(starts) AS n FROM quotas WHERE account_key = $1 AND bucket = $2';
    const rows: { n: number }[] = await bench.dataSource.query(sql, [accountKey, bucket]);
    return (rows[0]?.n ?? 0) > 0;
  };

  it('waits for no turn of the account', async () => {
    const connectionId = await bench.connected(sink, account.apiKey);
    await simulator.control('PUT', 'job-rules', { stuck: 'queued' });
    await block(account.id, 'jobs');
    await bench.announce(sink, connectionId, people(5));
    sink.deliveries.start();
    await until(async () => (await simulator.jobs(account)).length === 1);
    await until(reserved(account.id, 'jobs'));
    await sink.deliveries.stop();
    expect(await simulator.calls('get_bulk_import_profiles_jobs')).toEqual([]);
    expect(bench.errors).toEqual([]);
  });

  it('waits for no turn of a check, and records nothing', async () => {
    const connectionId = newId();
    await block(connectionId, 'accounts');
    await bench.connect(sink, account.apiKey, { connectionId });
    await until(reserved(connectionId, 'accounts'));
    await sink.checks.stop();
    expect(await simulator.calls('get_accounts')).toEqual([]);
    expect(await bench.checksOf(connectionId)).toEqual([]);
    expect(bench.errors).toEqual([]);
  });

  it('says nothing about a connection whose check it cut off', async () => {
    await simulator.fault({ operation: 'get_accounts', kind: 'hang', times: UNTIL_LIFTED });
    const { connectionId } = await bench.connect(sink, account.apiKey);
    await until(async () => (await simulator.hanging()) === 1);
    await sink.checks.stop();
    expect(await bench.checksOf(connectionId)).toEqual([]);
    expect(await sink.connections.find(connectionId)).toMatchObject({ standing: 'unchecked' });
    expect(bench.errors).toEqual([]);
  });
});
