import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OrchestratorBench } from '../testing/orchestrator-bench';
import { AnnounceAgain } from './announce-again';

describe('a batch of which nothing is heard', () => {
  let bench: OrchestratorBench;
  let runId: string;

  beforeAll(async () => {
    bench = await OrchestratorBench.open();
  });
  beforeEach(async () => {
    await bench.reset();
    ({ runId } = await bench.queuedRun());
    await bench.plan(runId);
    await bench.say(runId, 1);
  });
  afterEach(() => bench.expectAccountingLaw());
  afterAll(() => bench.close());

  const look = () => bench.get(AnnounceAgain).execute();
  const announced = async () => (await bench.announced()).map(({ number }) => number);

  it('is announced again, as it was, after longer and longer silence', async () => {
    await look();
    expect(await announced()).toEqual([1, 2]);
    bench.passMinutes(16);
    await Promise.all([look(), look()]);
    expect(await announced()).toEqual([1, 2, 2]);
    const [, first, again] = await bench.announced();
    expect(again).toEqual({ ...first, requestedAt: bench.clock.now().toISOString() });
    bench.passMinutes(16);
    await look();
    expect(await announced()).toHaveLength(3);
    bench.passMinutes(16);
    await look();
    expect(await announced()).toHaveLength(4);
  });

  it('is not announced once its outcome is there, or the run has its end', async () => {
    await bench.say(runId, 2);
    bench.passMinutes(16);
    await look();
    expect(await announced()).toEqual([1, 2]);
    await bench.finish(runId);
    await bench.dataSource.query(`UPDATE batches SET status = 'announced' WHERE number = 2`);
    await look();
    expect(await announced()).toEqual([1, 2]);
    await bench.dataSource.query(`UPDATE batches SET status = 'finished'`);
  });
});
