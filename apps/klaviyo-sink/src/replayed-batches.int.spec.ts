import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BatchFinishedV1, type BatchRequestedV1, type RunReplayedV1 } from '@courier/contracts';
import { derivedId, newId } from '@courier/kernel';
import { until } from '@courier/testing';
import { type SimulatedAccount, Simulator } from './testing/simulator';
import { people } from './testing/sink-bench';
import { WholeSink } from './testing/whole-sink';

/** From the operator's reset to Klaviyo, over the real topic. Each batch has another size, which tells their calls apart. */
describe('a rewind of klaviyo.batches', () => {
  const connectionId = newId();
  const ends = new AsyncDisposableStack();
  let simulator: Simulator;
  let account: SimulatedAccount;
  let sink: WholeSink;
  let first: BatchRequestedV1;
  let second: BatchRequestedV1;

  beforeAll(async () => {
    simulator = await Simulator.start();
    ends.defer(() => simulator.stop());
    account = await simulator.freshAccount();
    sink = await WholeSink.prepare(simulator.url);
    ends.defer(() => sink.dispose());
    await sink.start();
    await sink.publishConnection(connectionId, account.apiKey, { version: 1, access: 'administrators', verification: null });
    first = await sink.announce(connectionId, people(2));
    await outcome(first);
    second = await sink.announce(connectionId, people(3));
    await outcome(second);
  });

  afterAll(() => ends.disposeAsync());

  const outcomes = ({ batchId }: BatchRequestedV1) =>
    sink.sent<BatchFinishedV1>('klaviyo.batch-finished.v1', (data) => data.batchId === batchId);
  const outcome = (batch: BatchRequestedV1, epoch?: number) =>
    until(async () => (await outcomes(batch)).find((told) => told.epoch === epoch));
  /** The number of the n-th replay. */
  const epochOf = async (count: number) => {
    const sql = 'SELECT DISTINCT epoch FROM intake_decisions ORDER BY epoch';
    return until(async () => (await sink.query<{ epoch: number }>(sql))[count - 1]?.epoch);
  };
  const replayed = ({ runId }: BatchRequestedV1) =>
    sink.sent<RunReplayedV1>('klaviyo.run-replayed.v1', (data) => data.runId === runId);
  const imports = async () =>
    (await simulator.calls('bulk_import_profiles')).filter(({ status }) => status === 202).map(({ profiles }) => profiles);

  it('sends what lies behind it once more, and a start without a rewind sends nothing', async () => {
    await sink.rewindTo(second);
    const epoch = await epochOf(1);
    expect(await outcome(second, epoch)).toMatchObject({
      deliveryId: derivedId('delivery', second.batchId, epoch),
      counts: { accepted: 3 },
    });
    const told = await until(async () => (await replayed(second))[0]);
    expect(told).toMatchObject({ epoch, batches: 1, rows: 3, actor: null, reason: null });

    await sink.stop();
    await sink.start();
    await outcome(await sink.announce(connectionId, people(4)));
    expect(await imports()).toEqual([2, 3, 3, 4]);
    expect(await outcomes(first)).toHaveLength(1);
    expect(await outcomes(second)).toHaveLength(2);
    expect(await replayed(second)).toHaveLength(1);
  });

  it('puts a batch aside whose staged object is gone, and its run ends all the same', async () => {
    rmSync(join(sink.stagingFolder, first.object.path));
    await sink.rewindTo(first);
    const epoch = await epochOf(2);
    expect(await outcome(first, epoch)).toMatchObject({
      deliveryId: derivedId('delivery', first.batchId, epoch),
      counts: { accepted: 0, notAttempted: 2 },
      error: { code: 'expired_batch' },
    });
    expect(await until(async () => (await replayed(first))[0])).toMatchObject({ epoch, batches: 1, rows: 2 });
    expect((await outcome(second, epoch)).counts.accepted).toBe(3);
    const letters = await sink.query(`SELECT 1 FROM inbox WHERE event_id = $1 AND epoch = $2 AND disposition = 'dead_lettered'`, [
      first.batchId,
      epoch,
    ]);
    expect(letters).toHaveLength(1);
  });

  it('puts a batch aside that is asked for too late, without a replay', async () => {
    const late = new Date(Date.now() - 31 * 86_400_000).toISOString();
    const batch = await sink.announce(connectionId, people(5), { requestedAt: late });
    const told = await outcome(batch);
    expect(told).toMatchObject({ counts: { notAttempted: 5 }, error: { code: 'expired_batch' } });
    expect((await imports()).includes(5)).toBe(false);
  });
});
