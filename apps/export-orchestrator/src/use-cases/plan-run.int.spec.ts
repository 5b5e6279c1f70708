import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, derivedId } from '@courier/kernel';
import { type PlanStep, stagedObject } from '../testing/fake-planner';
import { outcomeOf } from '../testing/messages';
import { LIST, OrchestratorBench } from '../testing/orchestrator-bench';
import { PlanRun } from './plan-run';

describe('planning a run', () => {
  let bench: OrchestratorBench;
  let runId: string;

  beforeAll(async () => {
    bench = await OrchestratorBench.open();
  });
  beforeEach(async () => {
    await bench.reset();
    ({ runId } = await bench.queuedRun());
  });
  afterEach(() => bench.expectAccountingLaw());
  afterAll(() => bench.close());

  const crashAfter = (step: PlanStep) => {
    bench.planner.after = (now) => {
      if (now === step) throw new Error('crash');
      return undefined;
    };
  };
  const failAfter = (step: PlanStep) => {
    bench.planner.after = (now) =>
      now === step ? { kind: 'failed', code: 'snapshot_missing', detail: 'a part is gone' } : undefined;
  };
  const goOn = () => {
    bench.planner.after = () => undefined;
  };
  const statuses = async () => (await bench.batches(runId)).map(({ status }) => status);

  it('announces every batch as soon as it is staged', async () => {
    const announcedBy: number[] = [];
    bench.planner.after = async (step) => {
      if (step.startsWith('staged')) announcedBy.push((await bench.announced()).length);
      return undefined;
    };
    expect(await bench.plan(runId)).toBe(true);
    expect(announcedBy).toEqual([1, 2]);
    const run = await bench.run(runId);
    expect(run).toMatchObject({ status: 'running', phase: 'delivering', staged: true, batchesTotal: 2, batchesFinished: 0 });
    const batches = await bench.batches(runId);
    expect(batches).toMatchObject([
      { id: derivedId('batch', runId, 1, 1), number: 1, rows: 3, status: 'announced', operation: 'upsert' },
      { id: derivedId('batch', runId, 1, 2), number: 2, rows: 2, status: 'announced' },
    ]);
    const { exportId, connectionId } = run;
    expect(await bench.announced()).toMatchObject(
      batches.map(({ id, number, rows, object }) => {
        return { batchId: id, runId, exportId, connectionId, listId: LIST, attempt: 1, number, rows, object };
      }),
    );
  });

  it('writes totals and batches before the first is announced', async () => {
    Object.assign(bench.planner, { invalid: 1, duplicates: 4 });
    crashAfter('frozen');
    await expect(bench.plan(runId)).rejects.toThrow('crash');
    expect(await bench.announced()).toEqual([]);
    expect(await bench.run(runId)).toMatchObject({
      status: 'running',
      phase: 'delivering',
      batchesTotal: 2,
      invalidReasons: { email_malformed: 1 },
      counts: { snapshotRows: 10, invalid: 1, duplicates: 4, toAdd: 5, accepted: 0 },
    });
    expect(await statuses()).toEqual(['planned', 'planned']);
  });

  it.each([1, 3_600, 10_000])('freezes a plan of %i batches', async (count) => {
    bench.planner.batchRows = Array.from({ length: count }, () => 1);
    crashAfter('frozen');
    await expect(bench.plan(runId)).rejects.toThrow('crash');
    expect(await bench.run(runId)).toMatchObject({ status: 'running', batchesTotal: count, counts: { toAdd: count } });
    expect((await bench.batches(runId)).map(({ number }) => number)).toEqual(Array.from({ length: count }, (_, at) => at + 1));
  });

  it('says that it waits for room on a full disk, and goes on when there is some', async () => {
    bench.planner.after = (step) => {
      if (step === 'staged 1') throw new AppError('staging_full', 'no room', { retryable: true });
      return undefined;
    };
    await expect(bench.plan(runId)).rejects.toMatchObject({ code: 'staging_full' });
    expect(await bench.run(runId)).toMatchObject({ status: 'running', waiting: { reason: 'staging_full', until: null } });
    goOn();
    await bench.plan(runId);
    expect(await bench.run(runId)).toMatchObject({ staged: true, waiting: null });
    expect(await statuses()).toEqual(['announced', 'announced']);
  });

  it('plans anew, in another folder, after a crash before the plan was frozen', async () => {
    crashAfter('started');
    await expect(bench.plan(runId)).rejects.toThrow('crash');
    goOn();
    await bench.plan(runId);
    expect(bench.planner.jobs.map(({ attempt, resume }) => [attempt, resume])).toEqual([
      [1, null],
      [2, null],
    ]);
    expect((await bench.announced()).map(({ attempt }) => attempt)).toEqual([2, 2]);
  });

  it('stages only what is missing after a crash behind the freeze', async () => {
    crashAfter('staged 1');
    await expect(bench.plan(runId)).rejects.toThrow('crash');
    goOn();
    expect(await bench.plan(runId)).toBe(true);
    const { plan } = await bench.run(runId);
    expect(bench.planner.jobs[1]).toMatchObject({ attempt: 1, resume: { plan, stagedNumbers: [1] } });
    expect((await bench.announced()).map(({ number }) => number)).toEqual([1, 2]);
    expect(await bench.run(runId)).toMatchObject({ staged: true });
  });

  it('goes on behind the freeze although the connection needs attention by now', async () => {
    crashAfter('staged 1');
    await expect(bench.plan(runId)).rejects.toThrow('crash');
    goOn();
    await bench.dataSource.query(`UPDATE known_connections SET state = 'needs_attention'`);
    expect(await bench.plan(runId)).toBe(true);
    expect(await bench.run(runId)).toMatchObject({ staged: true, waiting: null });
  });

  it('asks no planner when only the last word was missing', async () => {
    crashAfter('staged 2');
    await expect(bench.plan(runId)).rejects.toThrow('crash');
    await bench.say(runId, 1);
    await bench.say(runId, 2);
    expect(await bench.run(runId)).toMatchObject({ staged: false, phase: 'delivering' });
    expect(await bench.plan(runId)).toBe(true);
    expect(bench.planner.jobs).toHaveLength(1);
    expect(await bench.run(runId)).toMatchObject({ staged: true, phase: 'finishing' });
    expect(await bench.finish(runId)).toMatchObject({ status: 'succeeded' });
  });

  it('has nothing to announce where nobody is to be sent', async () => {
    bench.planner.batchRows = [];
    await bench.plan(runId);
    expect(await bench.run(runId)).toMatchObject({ status: 'planning', phase: 'finishing', staged: true });
    expect(await bench.finish(runId)).toMatchObject({ status: 'succeeded', reason: { code: 'empty_snapshot' } });
    expect(bench.planner.merges).toEqual([]);
  });

  it('fails the run, with nothing counted, when the planner refuses before the freeze', async () => {
    failAfter('started');
    expect(await bench.plan(runId)).toBe(true);
    const run = await bench.run(runId);
    expect(run).toMatchObject({ status: 'failed', phase: 'finished', reason: { code: 'snapshot_missing' }, batchesTotal: 0 });
    expect(new Set(Object.values(run.counts))).toEqual(new Set([0]));
    expect(await bench.announced()).toEqual([]);
  });

  it('skips the run when it has more people than the connection takes', async () => {
    const counts = { snapshotRows: 11, duplicates: 0, invalid: 2, unchanged: 0, toAdd: 9, toChange: 0 };
    const invalid = stagedObject('invalid');
    const invalidReasons = { email_malformed: 2 };
    bench.planner.after = () => ({ kind: 'over_limit', people: 9, limit: 5, counts, invalid, invalidReasons });
    await bench.plan(runId);
    expect(await bench.run(runId)).toMatchObject({
      status: 'skipped',
      reason: { code: 'profile_limit_exceeded', detail: expect.stringContaining('9 people') },
      counts: { snapshotRows: 11, invalid: 2, toAdd: 9, accepted: 0, notAttempted: 9 },
      invalidReasons,
      invalidRows: invalid,
    });
  });

  it('lets announced batches bring their outcomes when staging fails, and attempts no others', async () => {
    bench.planner.batchRows = [3, 2, 4];
    failAfter('staged 1');
    await bench.plan(runId);
    expect(await bench.run(runId)).toMatchObject({
      status: 'running',
      phase: 'delivering',
      staged: true,
      batchesFinished: 2,
      counts: { notAttempted: 6 },
      stopReason: { code: 'snapshot_missing' },
    });
    expect(await statuses()).toEqual(['announced', 'finished', 'finished']);
    await bench.say(runId, 1, { rejected: 1 });
    expect(await bench.run(runId)).toMatchObject({ phase: 'finishing' });
    expect(await bench.finish(runId)).toMatchObject({
      status: 'failed',
      reason: { code: 'snapshot_missing' },
      counts: { accepted: 2, rejected: 1, notAttempted: 6 },
    });
    expect(bench.planner.merges).toMatchObject([{ batches: [{ number: 1 }] }]);
  });

  it('ends at once when staging fails after all announced batches had their outcomes', async () => {
    bench.planner.after = async (step) => {
      if (step !== 'staged 1') return undefined;
      await bench.say(runId, 1);
      return { kind: 'failed', code: 'snapshot_missing', detail: 'a part is gone' };
    };
    await bench.plan(runId);
    expect(await bench.run(runId)).toMatchObject({ phase: 'finishing' });
    expect(await bench.finish(runId)).toMatchObject({ status: 'failed', counts: { accepted: 3, notAttempted: 2 } });
  });

  it.each(['started', 'frozen', 'staged 1', 'staged 2'] as const)(
    'writes nothing more when its lease is lost: %s',
    async (step) => {
      const lease = await bench.lease(runId);
      let seen: unknown;
      const state = async () => [await bench.run(runId), await bench.batches(runId), await bench.announced()];
      bench.planner.after = async (now) => {
        if (now !== step) return undefined;
        await bench.dataSource.query('UPDATE leases SET token = token + 1');
        seen = await state();
        return undefined;
      };
      await expect(bench.get(PlanRun).execute(lease, runId)).rejects.toMatchObject({ code: 'lease_lost' });
      expect(await state()).toEqual(seen);
    },
  );

  it('books an outcome that was there before its batch was announced', async () => {
    bench.planner.after = async (step) => {
      if (step !== 'frozen') return undefined;
      const [, second] = await bench.batches(runId);
      if (second === undefined) throw new Error('there is no second batch');
      expect(await bench.record(outcomeOf(await bench.run(runId), second, { rejected: 2 }))).toBe('parked');
      expect(await bench.record(outcomeOf(await bench.run(runId), second, { rejected: 1 }))).toBe('parked');
      expect(await bench.run(runId)).toMatchObject({ batchesFinished: 0 });
      return undefined;
    };
    await bench.plan(runId);
    expect(await bench.run(runId)).toMatchObject({ batchesFinished: 1, counts: { accepted: 1, rejected: 1 } });
    expect(await statuses()).toEqual(['announced', 'finished']);
    expect(await bench.dataSource.query('SELECT * FROM parked_outcomes')).toEqual([]);
    await bench.say(runId, 1);
    expect(await bench.finish(runId)).toMatchObject({ status: 'completed_with_errors', counts: { accepted: 4, rejected: 1 } });
  });
});
