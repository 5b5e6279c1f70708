import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { resentRunId } from '@courier/contracts';
import { derivedId, newId } from '@courier/kernel';
import type { RunRecord } from '../domain/run';
import { outcomeOf, type Said } from '../testing/messages';
import { OrchestratorBench } from '../testing/orchestrator-bench';
import { RecordResent } from './record-resent';
import { StopOverdueRuns } from './stop-overdue-runs';

const EPOCH = 3;

describe('batches that the sink sends again', () => {
  let bench: OrchestratorBench;

  beforeAll(async () => {
    bench = await OrchestratorBench.open();
  });
  beforeEach(() => bench.reset());
  afterEach(() => bench.expectAccountingLaw());
  afterAll(() => bench.close());

  /** A run that was delivered in two batches. */
  async function deliveredRun(): Promise<RunRecord> {
    const { runId } = await bench.queuedRun();
    await bench.plan(runId);
    for (const { number } of await bench.batches(runId)) await bench.say(runId, number);
    return bench.finish(runId);
  }

  async function again(run: RunRecord, number: number, said: Said = {}) {
    const batch = (await bench.batches(run.id)).find((one) => one.number === number);
    if (batch === undefined) throw new Error('there is no such batch');
    const outcome = { ...outcomeOf(run, batch, said), deliveryId: derivedId('delivery', batch.id, EPOCH) };
    return bench.recordResent(outcome, EPOCH);
  }

  const told = (run: RunRecord, batches: number) =>
    bench.announceResent({
      runId: run.id,
      exportId: run.exportId,
      epoch: EPOCH,
      actor: 'ada',
      reason: 'the list was emptied',
      batches,
      rows: 5,
      at: new Date().toISOString(),
    });

  const child = (run: RunRecord) => bench.run(resentRunId(run.id, EPOCH));

  it('get a run of their own that carries the counts, and the first one stays as it was', async () => {
    const run = await deliveredRun();
    const people = run.counts.accepted;
    expect(await again(run, 1)).toBe('recorded');
    expect(await told(run, 2)).toBe('recorded');
    expect(await child(run)).toMatchObject({ status: 'running', phase: 'delivering', counts: { accepted: expect.any(Number) } });
    expect(await again(run, 2, { rejected: 1 })).toBe('recorded');
    expect(await again(run, 2)).toBe('known');
    const ended = await bench.finish((await child(run)).id);
    expect(ended).toMatchObject({
      status: 'completed_with_errors',
      trigger: 'replay',
      replayOf: run.id,
      replay: { epoch: EPOCH, actor: 'ada', reason: 'the list was emptied' },
      batchesTotal: 2,
      counts: { snapshotRows: people, toChange: people, accepted: people - 1, rejected: 1 },
    });
    expect(await bench.run(run.id)).toEqual(run);
  });

  it('end also when the sink says last how many there are', async () => {
    const run = await deliveredRun();
    await again(run, 1);
    await again(run, 2);
    expect((await child(run)).phase).toBe('delivering');
    await told(run, 2);
    expect(await told(run, 2)).toBe('known');
    expect(await bench.finish((await child(run)).id)).toMatchObject({ status: 'succeeded' });
  });

  it('wait for their connection without a word about the first run', async () => {
    const run = await deliveredRun();
    const waiting = { reason: 'connection_needs_attention', since: new Date().toISOString(), until: null };
    const say = (said: typeof waiting | null) =>
      bench.transaction((manager) =>
        bench.get(RecordResent).waiting(manager, { ...ids, waiting: said, at: waiting.since }, EPOCH),
      );
    const ids = { runId: run.id, exportId: run.exportId };
    expect(await say(waiting)).toBe('recorded');
    expect(await child(run)).toMatchObject({ status: 'running', waiting });
    await say(null);
    expect((await child(run)).waiting).toBeNull();
    expect(await bench.run(run.id)).toEqual(run);
  });

  it('after they were put aside and their run has ended get a run of their own, once', async () => {
    const { runId } = await bench.queuedRun();
    await bench.plan(runId);
    const [first, ...others] = await bench.batches(runId);
    if (first === undefined) throw new Error('there is no batch');
    const aside = outcomeOf(await bench.run(runId), first, { notAttempted: first.rows, error: 'handler_failed' });
    await bench.record({ ...aside, attempts: 0 });
    for (const { number } of others) await bench.say(runId, number);
    const ended = await bench.finish(runId);
    const sent = outcomeOf(ended, first);
    expect(await bench.record(sent)).toBe('late');
    const late = () => bench.transaction((manager) => bench.get(RecordResent).late(manager, sent));
    expect([await late(), await late()]).toEqual(['recorded', 'known']);
    expect(await bench.finish(derivedId('late outcome', sent.deliveryId))).toMatchObject({
      status: 'succeeded',
      trigger: 'replay',
      replayOf: runId,
      counts: { toChange: first.rows, accepted: first.rows, notAttempted: 0 },
    });
    expect(await bench.run(runId)).toEqual(ended);
  });

  it('and come one by one, as dead letters that are retried, all count: in the run, or in one of their own once that has ended', async () => {
    bench.planner.batchRows = [3, 2, 2];
    const run = await deliveredRun();
    await told(run, 1);
    await told(run, 2);
    expect(await again(run, 1)).toBe('recorded');
    expect((await child(run)).phase).toBe('delivering');
    expect(await again(run, 2)).toBe('recorded');
    await bench.finish((await child(run)).id);
    expect(await told(run, 3)).toBe('known');
    expect([await again(run, 3), await again(run, 3)]).toEqual(['recorded', 'known']);
    const third = (await bench.batches(run.id)).find(({ number }) => number === 3);
    const own = derivedId('late outcome', derivedId('delivery', third?.id ?? '', EPOCH));
    expect(await bench.finish(own)).toMatchObject({
      status: 'succeeded',
      replayOf: run.id,
      replay: { epoch: EPOCH },
      counts: { accepted: 2 },
    });
    expect((await child(run)).counts).toMatchObject({ toChange: 5, accepted: 5 });
  });

  it('book their people with the age of the first run', async () => {
    const run = await deliveredRun();
    await told(run, 1);
    await again(run, 1);
    await bench.finish((await child(run)).id);
    expect(bench.planner.merges.at(-1)).toMatchObject({ runSeq: Number(run.age), plan: run.plan });
  });

  it('keep the list from other runs while they are under way', async () => {
    const run = await deliveredRun();
    await again(run, 1);
    const { runId } = await bench.queuedRun({ connectionId: run.connectionId });
    expect(await bench.plan(runId)).toBe(false);
    expect((await bench.run(runId)).waiting).toMatchObject({ reason: 'list_busy' });
  });

  it.each([
    ['superseded', 'superseded'],
    ['expired_batch', 'failed'],
  ])('that were not sent because of %s end the run as %s', async (code, status) => {
    const run = await deliveredRun();
    for (const { number, rows } of await bench.batches(run.id)) await again(run, number, { notAttempted: rows, error: code });
    await told(run, 2);
    expect(await bench.finish((await child(run)).id)).toMatchObject({ status, reason: { code } });
  });

  it('are not planned, and are given up after the deadline without a word to the sink', async () => {
    const run = await deliveredRun();
    await again(run, 1);
    const { id } = await child(run);
    expect(await bench.plan(id)).toBe(false);
    bench.passMinutes(25 * 60);
    await bench.get(StopOverdueRuns).execute();
    expect(await bench.finish(id)).toMatchObject({ status: 'failed', reason: { code: 'deadline_exceeded' }, batchesTotal: 1 });
    expect(await bench.stopped()).toEqual([]);
  });

  it('of a run that nobody knows are left alone', async () => {
    const run = { id: newId(), exportId: newId() } as RunRecord;
    expect(await told(run, 1)).toBe('run_unknown');
  });
});
