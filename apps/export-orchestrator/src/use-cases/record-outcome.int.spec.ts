import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@courier/kernel';
import { outcomeOf } from '../testing/messages';
import { OrchestratorBench } from '../testing/orchestrator-bench';
import { RecordOutcome } from './record-outcome';

describe('an outcome', () => {
  let bench: OrchestratorBench;
  let runId: string;

  beforeAll(async () => {
    bench = await OrchestratorBench.open();
  });
  beforeEach(async () => {
    await bench.reset();
    ({ runId } = await bench.queuedRun());
    bench.planner.batchRows = [3, 2];
    await bench.plan(runId);
  });
  afterEach(() => bench.expectAccountingLaw());
  afterAll(() => bench.close());

  it('is added to what the run counts, and the last one lets it finish', async () => {
    expect(await bench.say(runId, 1, { rejected: 1, unconfirmed: 1 })).toBe('recorded');
    expect(await bench.run(runId)).toMatchObject({
      phase: 'delivering',
      batchesFinished: 1,
      counts: { accepted: 1, rejected: 1, unconfirmed: 1 },
      rejectedReasons: { invalid: 1 },
    });
    expect(await bench.say(runId, 2, { rejected: 2 })).toBe('recorded');
    expect(await bench.run(runId)).toMatchObject({
      phase: 'finishing',
      batchesFinished: 2,
      counts: { accepted: 1, rejected: 3, unconfirmed: 1 },
      rejectedReasons: { invalid: 3 },
      stopReason: null,
    });
    expect(await bench.batches(runId)).toMatchObject([
      { status: 'finished', accepted: 1, rejected: 1, unconfirmed: 1, jobIds: ['job-1'], attempts: 1 },
      { status: 'finished', accepted: 0, rejected: 2 },
    ]);
  });

  it('of a batch that has one changes nothing', async () => {
    await bench.say(runId, 1);
    const before = [await bench.run(runId), await bench.batches(runId)];
    expect(await bench.say(runId, 1, { rejected: 3 })).toBe('known');
    expect([await bench.run(runId), await bench.batches(runId)]).toEqual(before);
    expect(await bench.dataSource.query('SELECT * FROM parked_outcomes')).toEqual([]);
  });

  it('is booked once when it is told twice at the same time', async () => {
    const told = await Promise.all([bench.say(runId, 1), bench.say(runId, 1), bench.say(runId, 2)]);
    expect(told.sort()).toEqual(['known', 'recorded', 'recorded']);
    expect(await bench.run(runId)).toMatchObject({ phase: 'finishing', batchesFinished: 2, counts: { accepted: 5 } });
  });

  it('of a run that has ended changes nothing and is not kept', async () => {
    const [batch] = await bench.batches(runId);
    await bench.say(runId, 1);
    await bench.say(runId, 2);
    const ended = await bench.finish(runId);
    expect(batch && (await bench.record(outcomeOf(ended, { ...batch, id: newId() })))).toBe('known');
    expect(await bench.run(runId)).toEqual(ended);
    expect(await bench.dataSource.query('SELECT * FROM parked_outcomes')).toEqual([]);
  });

  it('of a run that is not known yet is kept', async () => {
    const [batch] = await bench.batches(runId);
    const id = newId();
    expect(batch && (await bench.record(outcomeOf({ id, exportId: newId() }, { ...batch, id: newId() })))).toBe('parked');
    expect(await bench.dataSource.query('SELECT run_id FROM parked_outcomes')).toEqual([{ run_id: id }]);
  });

  it('with rows that nobody attempted says why the run fails', async () => {
    await bench.say(runId, 1);
    await bench.say(runId, 2, { notAttempted: 2, error: 'staged_object_missing' });
    const reason = { code: 'staged_object_missing', detail: 'said the spec' };
    expect(await bench.finish(runId)).toMatchObject({ status: 'failed', reason, counts: { accepted: 3, notAttempted: 2 } });
  });

  it('with rows that stayed unconfirmed does not fail the run', async () => {
    await bench.say(runId, 1, { unconfirmed: 1, error: 'no_answer' });
    await bench.say(runId, 2);
    expect(await bench.finish(runId)).toMatchObject({ status: 'completed_with_errors', reason: null });
  });

  it('that does not account for every row is refused', async () => {
    const [batch] = await bench.batches(runId);
    const before = await bench.run(runId);
    await expect(batch && bench.record(outcomeOf(before, { ...batch, rows: 2 }))).rejects.toThrow();
    expect(await bench.run(runId)).toEqual(before);
  });

  it('may be waited for: the run says why, until it waits no longer', async () => {
    const { exportId } = await bench.run(runId);
    const now = new Date().toISOString();
    const waiting = { reason: 'quota_exhausted', since: now, until: now };
    const tell = (told: typeof waiting | null) =>
      bench.transaction((manager) =>
        bench.get(RecordOutcome).recordWaiting(manager, { runId, exportId, waiting: told, at: now }),
      );
    await tell(waiting);
    expect(await bench.run(runId)).toMatchObject({ status: 'running', waiting });
    await tell(null);
    expect(await bench.run(runId)).toMatchObject({ waiting: null });
    await bench.say(runId, 1);
    await bench.say(runId, 2);
    const ended = await bench.finish(runId);
    await tell(waiting);
    expect(await bench.run(runId)).toEqual(ended);
  });
});
