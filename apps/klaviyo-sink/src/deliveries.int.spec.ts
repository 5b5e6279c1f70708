import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@courier/kernel';
import { until } from '@courier/testing';
import { type SimulatedAccount, Simulator, UNTIL_LIFTED } from './testing/simulator';
import { type Announced, people, type Sink, SinkBench } from './testing/sink-bench';

const IMPORT = 'bulk_import_profiles';

describe('deliveries', () => {
  const ends = new AsyncDisposableStack();
  let simulator: Simulator;
  let bench: SinkBench;
  let sink: Sink;
  let account: SimulatedAccount;
  let connectionId: string;

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
    connectionId = await bench.connected(sink, account.apiKey);
  });

  afterEach(() => {
    expect(bench.errors).toEqual([]);
  });

  const finished = (announced: Announced) => until(async () => (await bench.outcomesOf(announced))[0]);
  const importCalls = () => simulator.calls(IMPORT).then((calls) => calls.filter(({ profiles }) => profiles !== null));

  /** The next import is refused, and no row is named. */
  const refuseOnce = () => {
    const error = { id: 'x', code: 'invalid', title: 'Invalid input.', detail: 'no', source: { pointer: '/data' } };
    return simulator.fault({
      operation: IMPORT,
      kind: 'status',
      status: 400,
      times: 1,
      body: JSON.stringify({ errors: [error] }),
    });
  };

  it('bring all people of a batch into the list and confirm them by the job', async () => {
    const announced = await bench.announce(sink, connectionId, people(2_500));
    const outcome = await finished(announced);
    expect(outcome).toMatchObject({
      counts: { accepted: 2_500, rejected: 0, unconfirmed: 0, notAttempted: 0 },
      results: null,
      error: null,
    });
    expect(outcome.jobIds).toHaveLength(1);
    expect(new Set(await simulator.members(account))).toEqual(new Set(announced.emails));
  });

  it('confirm nothing while the job has not ended', async () => {
    await simulator.control('PUT', 'job-rules', { stuck: 'processing' });
    const announced = await bench.announce(sink, connectionId, people(5));
    await until(async () => (await simulator.calls('get_bulk_import_profiles_jobs')).length > 2);
    expect(await bench.outcomesOf(announced)).toEqual([]);
    await simulator.control('PUT', 'job-rules', { stuck: false });
    expect((await finished(announced)).counts.accepted).toBe(5);
  });

  it('carry many batches of one run at the pace of the quota', async () => {
    const runId = newId();
    const batches: Announced[] = [];
    for (let number = 1; number <= 14; number += 1) {
      batches.push(await bench.announce(sink, connectionId, people(20, `n${number}`), { runId, number }));
    }
    for (const announced of batches) expect((await finished(announced)).counts.accepted).toBe(20);
    // As they were started: where the machine is busy they arrive in bunches, and then a 429 is no fault of the pace.
    const [quota]: { starts: number[] }[] = await bench.dataSource.query(
      `SELECT starts FROM quotas WHERE account_key = $1 AND bucket = 'imports'`,
      [account.id],
    );
    const starts = quota?.starts ?? [];
    expect(starts.length).toBeGreaterThan(9);
    const within = (start: number) => starts.filter((other) => other >= start && other < start + 1_000).length;
    expect(Math.max(...starts.map(within))).toBeLessThanOrEqual(9);
  });

  it('go on after bursts of 429', async () => {
    await simulator.fault({ operation: IMPORT, kind: 'status', status: 429, retryAfter: 1, times: 2 });
    const announced = await bench.announce(sink, connectionId, people(10));
    expect((await finished(announced)).counts.accepted).toBe(10);
    const [first, second, third] = (await simulator.calls(IMPORT)).filter(({ status }) => status === 429 || status === 202);
    expect(gapMs(first, second)).toBeGreaterThanOrEqual(1_000);
    expect(gapMs(second, third)).toBeGreaterThanOrEqual(1_000);
  });

  it('give up rows as unconfirmed when Klaviyo stays unavailable', async () => {
    await simulator.fault({ operation: IMPORT, kind: 'status', status: 503, times: UNTIL_LIFTED });
    const outcome = await finished(await bench.announce(sink, connectionId, people(10)));
    expect(outcome).toMatchObject({ counts: { accepted: 0, unconfirmed: 10 }, attempts: 4, error: { code: 'no_answer' } });
    const results = await bench.results(outcome.results);
    expect(results.map(({ line }) => line)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['unconfirmed']));
  });

  it.each(['hang', 'reset'])('are sent again after a %s that made no job', async (kind) => {
    await simulator.fault({ operation: IMPORT, kind });
    const outcome = await finished(await bench.announce(sink, connectionId, people(10)));
    expect(outcome).toMatchObject({ counts: { accepted: 10 }, attempts: 2 });
    expect(await simulator.jobs(account)).toHaveLength(1);
  });

  it('adopt the job of a lost answer instead of sending again', async () => {
    await simulator.fault({ operation: IMPORT, kind: 'lost_answer' });
    const outcome = await finished(await bench.announce(sink, connectionId, people(10)));
    const jobs = await simulator.jobs(account);
    expect(jobs).toHaveLength(1);
    expect(outcome).toMatchObject({ counts: { accepted: 10 }, attempts: 1, jobIds: [jobs[0]?.id] });
  });

  it('do not guess between two lost answers of one size', async () => {
    await simulator.fault({ operation: IMPORT, kind: 'lost_answer', times: 2 });
    const runId = newId();
    const batches = [
      await bench.announce(sink, connectionId, people(10, 'one'), { runId, number: 1 }),
      await bench.announce(sink, connectionId, people(10, 'two'), { runId, number: 2 }),
    ];
    const told: string[] = [];
    for (const announced of batches) {
      const { counts, jobIds } = await finished(announced);
      expect(counts.accepted).toBe(10);
      told.push(...jobIds);
    }
    expect(await simulator.members(account)).toHaveLength(20);
    expect(new Set(told).size).toBe(2);
  });

  it('reject the rows that Klaviyo names and send the others', async () => {
    const emails = people(50);
    emails[7] = 'not an address';
    emails[31] = 'nor@this';
    const outcome = await finished(await bench.announce(sink, connectionId, emails));
    expect(outcome).toMatchObject({
      counts: { accepted: 48, rejected: 2, unconfirmed: 0 },
      rejectedReasons: { invalid: 2 },
      attempts: 2,
    });
    expect((await bench.results(outcome.results)).map(({ line, status }) => [line, status])).toEqual([
      [7, 'rejected'],
      [31, 'rejected'],
    ]);
    expect(await simulator.members(account)).toHaveLength(48);
  });

  it('keep what Klaviyo says about a row out of the database', async () => {
    const emails = people(3);
    emails[1] = 'quoted-person-who-is-secret@';
    await finished(await bench.announce(sink, connectionId, emails));
    for (const table of ['submissions', 'deliveries', 'outbox']) {
      const rows: { text: string }[] = await bench.dataSource.query(`SELECT row_to_json(t)::text AS text FROM ${table} t`);
      expect(rows.map(({ text }) => text).join()).not.toContain('quoted-person-who-is-secret');
    }
  });

  it('look for a bad row although many calls of the batch were throttled', async () => {
    await simulator.fault({ operation: IMPORT, kind: 'status', status: 429, retryAfter: 1 });
    await refuseOnce();
    const standing = 'UPDATE connections SET standing = $2 WHERE connection_id = $1';
    await bench.dataSource.query(standing, [connectionId, 'failed']);
    const announced = await bench.announce(sink, connectionId, people(4));
    await bench.dataSource.query('UPDATE deliveries SET calls = 199 WHERE batch_id = $1', [announced.batch.batchId]);
    await bench.dataSource.query(standing, [connectionId, 'ok']);
    sink.deliveries.wake();
    expect(await finished(announced)).toMatchObject({ counts: { accepted: 4 }, attempts: 203 });
  });

  it('find a bad row by halving when Klaviyo names none', async () => {
    await refuseOnce();
    const outcome = await finished(await bench.announce(sink, connectionId, people(4)));
    expect(outcome).toMatchObject({ counts: { accepted: 4 }, attempts: 3 });
    expect(outcome.jobIds).toHaveLength(2);
  });

  it('reject what the import errors name and confirm the rest', async () => {
    await simulator.control('PUT', 'job-rules', { failEvery: 3 });
    const outcome = await finished(await bench.announce(sink, connectionId, people(700)));
    expect(outcome.counts).toEqual({ accepted: 467, rejected: 233, unconfirmed: 0, notAttempted: 0 });
    expect(await bench.results(outcome.results)).toHaveLength(233);
    expect(await simulator.calls('get_errors_for_bulk_import_profiles_job')).toHaveLength(3);
  });

  it('leave all other rows unconfirmed when a failure names nobody', async () => {
    await simulator.control('PUT', 'knobs', { importErrorPayload: 'none' });
    await simulator.control('PUT', 'job-rules', { failEvery: 10 });
    const outcome = await finished(await bench.announce(sink, connectionId, people(20)));
    expect(outcome).toMatchObject({
      counts: { accepted: 0, rejected: 0, unconfirmed: 20 },
      error: { code: 'failure_unmatched' },
    });
  });

  it('leave the rows of a cancelled job unconfirmed', async () => {
    await simulator.control('PUT', 'job-rules', { cancelled: true });
    const outcome = await finished(await bench.announce(sink, connectionId, people(5)));
    expect(outcome).toMatchObject({ counts: { unconfirmed: 5 }, error: { code: 'job_cancelled' } });
  });

  it('attempt nothing more of a run whose list is missing', async () => {
    const runId = newId();
    const first = await bench.announce(sink, connectionId, people(5, 'one'), { runId, number: 1, listId: 'NOPE01' });
    expect(await finished(first)).toMatchObject({ counts: { notAttempted: 5 }, error: { code: 'list_not_found' } });
    const before = (await importCalls()).length;
    const second = await bench.announce(sink, connectionId, people(5, 'two'), { runId, number: 2, listId: 'NOPE01' });
    const outcome = await finished(second);
    expect(outcome).toMatchObject({ counts: { notAttempted: 5 }, attempts: 0, error: { code: 'list_not_found' } });
    expect(await bench.results(outcome.results)).toHaveLength(5);
    expect(await importCalls()).toHaveLength(before);
  });

  it('do not take a spurious 404 for a missing list', async () => {
    await simulator.fault({ operation: IMPORT, kind: 'status', status: 404 });
    expect((await finished(await bench.announce(sink, connectionId, people(5)))).counts.accepted).toBe(5);
  });

  it('refuse to remove anybody', async () => {
    const outcome = await finished(await bench.announce(sink, connectionId, people(3), { operation: 'remove' }));
    expect(outcome).toMatchObject({ counts: { notAttempted: 3 }, attempts: 0, error: { code: 'not_supported' } });
    expect(await importCalls()).toEqual([]);
  });

  it('tell the outcome again when a finished batch is redelivered', async () => {
    const announced = await bench.announce(sink, connectionId, people(3));
    const outcome = await finished(announced);
    const request = () => bench.transaction((manager) => sink.requestDelivery.execute(manager, announced.batch, 0));
    expect(await request()).toBe('outcome_repeated');
    expect(await bench.outcomesOf(announced)).toEqual([outcome, outcome]);
    expect(await importCalls()).toHaveLength(1);
  });

  it('deliver a batch once more in another epoch', async () => {
    const announced = await bench.announce(sink, connectionId, people(3));
    await finished(announced);
    await bench.transaction((manager) => sink.requestDelivery.execute(manager, announced.batch, 1));
    const outcomes = await until(async () => {
      const told = await bench.outcomesOf(announced);
      return told.length === 2 ? told : null;
    });
    expect(new Set(outcomes.map(({ deliveryId }) => deliveryId)).size).toBe(2);
    expect(await importCalls()).toHaveLength(2);
  });

  it('end what was not sent when the run is stopped, and follow what was accepted', async () => {
    await simulator.control('PUT', 'job-rules', { stuck: 'queued' });
    const runId = newId();
    const sent = await bench.announce(sink, connectionId, people(5, 'one'), { runId, number: 1 });
    await until(async () => (await simulator.jobs(account)).length === 1);
    const accepted = `SELECT 1 FROM live_submissions WHERE state = 'accepted' AND connection_id = $1`;
    await until(async () => (await bench.dataSource.query(accepted, [connectionId])).length === 1);
    const stop = { runId, exportId: sent.batch.exportId, connectionId, reason: 'canceled', stoppedAt: new Date().toISOString() };
    await bench.transaction((manager) => sink.stopRun.execute(manager, stop));
    const unsent = await bench.announce(sink, connectionId, people(5, 'two'), { runId, number: 2 });
    expect(await finished(unsent)).toMatchObject({ counts: { notAttempted: 5 }, error: { code: 'run_stopped' } });
    // Klaviyo does not order jobs: the next run of the list must not overtake it.
    const next = await bench.announce(sink, connectionId, people(5, 'one'));
    const looks = (await simulator.calls('get_bulk_import_profiles_jobs')).length;
    await until(async () => (await simulator.calls('get_bulk_import_profiles_jobs')).length > looks + 1);
    expect(await simulator.jobs(account)).toHaveLength(1);
    await simulator.control('PUT', 'job-rules', { stuck: false });
    expect((await finished(sent)).counts.accepted).toBe(5);
    expect((await finished(next)).counts.accepted).toBe(5);
  });

  it('tell when a staged batch is gone', async () => {
    const object = { path: `runs/${newId()}/1/batch-000001`, sha256: 'a'.repeat(64), bytes: 10 };
    const outcome = await finished(await bench.announce(sink, connectionId, people(3), { object }));
    expect(outcome).toMatchObject({ counts: { notAttempted: 3 }, attempts: 0, error: { code: 'staged_object_missing' } });
  });
});

function gapMs(from?: { at: string }, to?: { at: string }): number {
  return Date.parse(to?.at ?? '') - Date.parse(from?.at ?? '');
}
