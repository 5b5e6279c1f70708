import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@courier/testing';
import { type SimulatedAccount, Simulator } from './testing/simulator';
import { type Announced, people, quickSettings, type Sink, SinkBench } from './testing/sink-bench';

describe('accounts that Klaviyo throttles', () => {
  const ends = new AsyncDisposableStack();
  let simulator: Simulator;
  let bench: SinkBench;
  let sink: Sink;

  beforeAll(async () => {
    simulator = await Simulator.start();
    ends.defer(() => simulator.stop());
    bench = await SinkBench.open({ klaviyoUrl: simulator.url });
    ends.defer(() => bench.close());
    sink = await bench.sink();
    sink.checks.start();
  });

  afterAll(() => ends.disposeAsync());

  async function announcedFor(account: SimulatedAccount, batches: number): Promise<Announced[]> {
    await simulator.addKey(account, 'all');
    const connectionId = await bench.connected(sink, account.apiKey);
    const announced: Announced[] = [];
    for (let number = 1; number <= batches; number += 1) {
      announced.push(await bench.announce(sink, connectionId, people(3, `${account.id}-${number}`)));
    }
    return announced;
  }

  it('stop no other account, however many batches they have', async () => {
    await simulator.freshAccount();
    for (const id of ['SLOW1', 'SLOW2', 'SLOW3']) {
      await announcedFor({ id, apiKey: `pk_${id}_0001` }, quickSettings.batchesInMemoryMax);
      await bench.dataSource.query(
        `UPDATE quotas SET blocked_until = extract(epoch FROM clock_timestamp()) * 1000 + 3600000 WHERE account_key = $1 AND bucket = 'imports'`,
        [id],
      );
    }
    sink.deliveries.start();
    await until(async () => (await bench.dataSource.query(`SELECT 1 FROM leases WHERE name LIKE 'account:SLOW%'`)).length === 3);
    const [other] = await announcedFor({ id: 'QUICK1', apiKey: 'pk_QUICK1_0001' }, 1);
    const outcome = await until(async () => (other === undefined ? null : (await bench.outcomesOf(other))[0]));
    expect(outcome.counts.accepted).toBe(3);
    expect(await simulator.jobs({ id: 'SLOW1', apiKey: '' })).toEqual([]);
    expect(bench.errors).toEqual([]);
  });
});
