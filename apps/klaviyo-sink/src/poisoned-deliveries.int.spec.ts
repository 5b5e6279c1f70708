import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@courier/kernel';
import { until } from '@courier/testing';
import { type SimulatedAccount, Simulator } from './testing/simulator';
import { type Announced, people, type Sink, SinkBench } from './testing/sink-bench';

/** Deliveries that cannot be finished as they should: none of them may hold up the others of its account. */
describe('a poisoned delivery', () => {
  let simulator: Simulator;
  let ends: AsyncDisposableStack;
  let bench: SinkBench;
  let account: SimulatedAccount;
  let connectionId: string;
  let sink: Sink;

  beforeAll(async () => {
    simulator = await Simulator.start();
  });

  afterAll(async () => {
    await simulator.stop();
  });

  beforeEach(async () => {
    ends = new AsyncDisposableStack();
    account = await simulator.freshAccount();
    bench = await SinkBench.open({ klaviyoUrl: simulator.url });
    ends.defer(() => bench.close());
    sink = await bench.sink();
    sink.checks.start();
    connectionId = await bench.connected(sink, account.apiKey);
  });

  afterEach(() => ends.disposeAsync());

  const finished = (announced: Announced) => until(async () => (await bench.outcomesOf(announced))[0]);

  /** As a settled job leaves it: one of three rows was rejected, and a staged part says which. */
  async function settled(announced: Announced, part: string | null): Promise<void> {
    const results = part === null ? null : JSON.stringify({ path: part, sha256: 'a'.repeat(64), bytes: 10 });
    await bench.dataSource.query(
      `UPDATE submissions s SET state = 'done', accepted = 2, rejected = 1, reasons = '{"invalid": 1}', job_id = 'JOB1', results = $2
       FROM deliveries d WHERE d.id = s.delivery_id AND d.batch_id = $1`,
      [announced.batch.batchId, results],
    );
  }

  it.each([
    ['whose results are gone', 'staged_object_missing', () => `runs/${newId()}/1/part-gone.ndjson`],
    ['whose results lie under no name of ours', 'staged_path_invalid', () => 'elsewhere'],
    ['whose rows do not add up', 'outcome_does_not_add_up', () => null],
  ])('%s ends unconfirmed with the reason, and the others go on', async (_what, code, part) => {
    const poisoned = await bench.announce(sink, connectionId, people(3, 'one'));
    await settled(poisoned, part());
    const other = await bench.announce(sink, connectionId, people(3, 'two'));
    sink.deliveries.start();
    expect((await finished(other)).counts.accepted).toBe(3);
    expect(await finished(poisoned)).toMatchObject({
      counts: { accepted: 0, rejected: 0, unconfirmed: 3, notAttempted: 0 },
      rejectedReasons: {},
      results: null,
      jobIds: ['JOB1'],
      error: { code },
    });
    expect(bench.errors).toEqual([]);
  });

  it.each([2, 4])('that has other lines than the %d that were announced is not sent, and the others go on', async (rows) => {
    const poisoned = await bench.announce(sink, connectionId, people(3, 'one'), { rows });
    const other = await bench.announce(sink, connectionId, people(3, 'two'));
    sink.deliveries.start();
    expect((await finished(other)).counts.accepted).toBe(3);
    expect(await finished(poisoned)).toMatchObject({ counts: { notAttempted: rows }, error: { code: 'staged_object_damaged' } });
    expect(await simulator.jobs(account)).toHaveLength(1);
  });

  it('whose results cannot be read for now is tried again and again, and the others go on', async () => {
    const poisoned = await bench.announce(sink, connectionId, people(3, 'one'));
    const part = `runs/${poisoned.batch.runId}/1/part-unreadable.ndjson`;
    mkdirSync(join(bench.stagingFolder, part));
    await settled(poisoned, part);
    const others = [1, 2, 3].map((number) => bench.announce(sink, connectionId, people(3, `other${number}`)));
    sink.deliveries.start();
    for (const other of others) expect((await finished(await other)).counts.accepted).toBe(3);
    await until(() => bench.errors.length > 0);
    expect(await bench.outcomesOf(poisoned)).toEqual([]);
    rmSync(join(bench.stagingFolder, part), { recursive: true });
    expect(await finished(poisoned)).toMatchObject({ counts: { unconfirmed: 3 }, error: { code: 'staged_object_missing' } });
  });

  it('whose batch is gone when import errors name its rows ends unconfirmed, and the others go on', async () => {
    await simulator.control('PUT', 'job-rules', { stuck: 'queued', failEvery: 3 });
    const poisoned = await bench.announce(sink, connectionId, people(6, 'one'));
    const other = await bench.announce(sink, connectionId, people(6, 'two'));
    sink.deliveries.start();
    const accepted = `SELECT 1 FROM submissions WHERE state = 'accepted'`;
    await until(async () => (await bench.dataSource.query(accepted)).length === 2);
    rmSync(join(bench.stagingFolder, poisoned.batch.object.path));
    await simulator.control('PUT', 'job-rules', { stuck: false, failEvery: 3 });
    expect((await finished(other)).counts).toEqual({ accepted: 4, rejected: 2, unconfirmed: 0, notAttempted: 0 });
    expect(await finished(poisoned)).toMatchObject({
      counts: { accepted: 0, rejected: 0, unconfirmed: 6 },
      error: { code: 'staged_object_missing' },
    });
    expect(bench.errors).toEqual([]);
  });
});
