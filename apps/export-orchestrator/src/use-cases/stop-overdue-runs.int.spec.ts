import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { PlanStep } from '../testing/fake-planner';
import { OrchestratorBench } from '../testing/orchestrator-bench';
import { StopOverdueRuns } from './stop-overdue-runs';

const DAY_MIN = 24 * 60;
const PATIENCE_MIN = 60;

describe('a run past its deadline', () => {
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

  const stop = () => bench.get(StopOverdueRuns).execute();
  const crashAfter = (step: PlanStep) => {
    bench.planner.after = (now) => {
      if (now === step) throw new Error('crash');
      return undefined;
    };
  };

  it('is left alone until then', async () => {
    bench.passMinutes(DAY_MIN);
    await stop();
    expect(await bench.run(runId)).toMatchObject({ status: 'queued', version: 1 });
  });

  it('fails at once where nothing was announced, and says what it waited for', async () => {
    await bench.dataSource.query(`UPDATE known_connections SET state = 'needs_attention'`);
    await bench.plan(runId);
    bench.passMinutes(DAY_MIN + 1);
    await stop();
    expect(await bench.run(runId)).toMatchObject({
      status: 'failed',
      phase: 'finished',
      reason: { code: 'deadline_exceeded', detail: expect.stringContaining('connection_needs_attention') },
      waiting: null,
    });
    expect(await bench.stopped()).toEqual([]);
  });

  it('fails at once while it is planned, and the planner that comes back writes nothing', async () => {
    bench.planner.after = async (step) => {
      if (step !== 'started') return undefined;
      bench.passMinutes(DAY_MIN + 1);
      await stop();
      return undefined;
    };
    await expect(bench.plan(runId)).rejects.toMatchObject({ code: 'run_ended' });
    expect(await bench.run(runId)).toMatchObject({ status: 'failed', plan: null, batchesTotal: 0 });
    expect(await bench.batches(runId)).toEqual([]);
  });

  it('has the sink stop, once, and ends with what the sink gives back', async () => {
    await bench.plan(runId);
    await bench.say(runId, 1);
    bench.passMinutes(DAY_MIN + 1);
    await stop();
    await stop();
    const { exportId, connectionId } = await bench.run(runId);
    expect(await bench.stopped()).toMatchObject([{ runId, exportId, connectionId, reason: 'deadline_exceeded' }]);
    expect(await bench.run(runId)).toMatchObject({ status: 'running', stopReason: { code: 'deadline_exceeded' } });
    await bench.say(runId, 2, { notAttempted: 2, error: 'run_stopped' });
    expect(await bench.finish(runId)).toMatchObject({
      status: 'failed',
      reason: { code: 'deadline_exceeded' },
      counts: { accepted: 3, notAttempted: 2 },
    });
  });

  it('whose batches all have their outcome may finish', async () => {
    await bench.plan(runId);
    await bench.say(runId, 1);
    await bench.say(runId, 2);
    bench.passMinutes(DAY_MIN + 1);
    await stop();
    expect(await bench.stopped()).toEqual([]);
    expect(await bench.finish(runId)).toMatchObject({ status: 'succeeded', reason: null });
  });

  describe('and past the patience that follows', () => {
    const pass = async () => {
      bench.passMinutes(DAY_MIN + 1);
      await stop();
      bench.passMinutes(PATIENCE_MIN);
      await stop();
    };

    it('is ended without the sink: what was announced is unconfirmed, the rest not attempted', async () => {
      bench.planner.batchRows = [3, 2, 4];
      crashAfter('staged 2');
      await expect(bench.plan(runId)).rejects.toThrow('crash');
      await bench.say(runId, 1);
      await pass();
      expect(await bench.run(runId)).toMatchObject({
        phase: 'finishing',
        counts: { accepted: 3, unconfirmed: 2, notAttempted: 4 },
      });
      expect(await bench.finish(runId)).toMatchObject({ status: 'failed', reason: { code: 'deadline_exceeded' } });
      expect(bench.planner.merges).toMatchObject([{ batches: [{ number: 1 }, { number: 2, allNotAccepted: true }] }]);
      expect(await bench.say(runId, 2)).toBe('known');
    });

    it('gives its list back', async () => {
      await bench.plan(runId);
      await pass();
      await bench.finish(runId);
      const next = await bench.queuedRun({ segmentIds: ['Seg2'] });
      expect(await bench.plan(next.runId)).toBe(true);
    });

    it('takes no more from a planner that is still at work', async () => {
      bench.planner.batchRows = [3, 2, 4];
      bench.planner.after = async (step) => {
        if (step === 'staged 1') await pass();
        return undefined;
      };
      await expect(bench.plan(runId)).rejects.toMatchObject({ code: 'run_ended' });
      expect((await bench.announced()).map(({ number }) => number)).toEqual([1]);
      expect((await bench.batches(runId)).map(({ status }) => status)).toEqual(['finished', 'finished', 'finished']);
      expect(await bench.finish(runId)).toMatchObject({ status: 'failed', counts: { unconfirmed: 3, notAttempted: 6 } });
    });

    it('is ended even when its end fails again and again', async () => {
      await bench.plan(runId);
      await bench.say(runId, 1);
      await bench.say(runId, 2);
      bench.planner.merging = () => Promise.reject(new Error('no space left'));
      await expect(bench.finish(runId)).rejects.toThrow('no space left');
      await pass();
      expect(await bench.run(runId)).toMatchObject({ phase: 'finishing', stopReason: { code: 'deadline_exceeded' } });
      await stop();
      expect(await bench.run(runId)).toMatchObject({ status: 'failed', counts: { accepted: 5 }, finishedAt: bench.clock.now() });
    });
  });
});
