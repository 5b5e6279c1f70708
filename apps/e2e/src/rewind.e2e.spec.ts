import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Journey } from './harness/journey';
import { deliveredJourneys, endedRuns, jobsOf, ReplayStack } from './harness/replay-stack';
import { resetGroup } from './harness/stock-tools';

/** Every step of the intake's, one or the other service's: `killed-replay.int.spec.ts` has all of them in one. */
const deaths = {
  'klaviyo-sink': ['before the decision', 'claim committed to Kafka', 'record taken, not committed', 'offset committed to Kafka'],
  'export-orchestrator': ['decision written', 'claim done', 'record taken'],
};

/** Of a machine four times slower than a usual one. */
const START_MAX_MS = 600_000;

describe('with two instances of each service, a group', () => {
  let stack: ReplayStack;
  let one: Journey;
  let other: Journey;

  beforeAll(async () => {
    stack = await ReplayStack.start();
    [one, other] = await deliveredJourneys();
  }, START_MAX_MS);

  afterAll(() => stack.stop());

  const rewindBatches = () => resetGroup('klaviyo-sink', 'klaviyo.batches', '--to-earliest');

  it('that is moved back over its batches, twice before the start, sends each finished one exactly once more', async () => {
    await stack.whileDown(['klaviyo-sink'], async () => {
      await rewindBatches();
      await rewindBatches();
    });
    expect(await endedRuns(one, 2)).toMatchObject([{ trigger: 'replay', replayOf: one.runId, status: 'succeeded' }, {}]);
    expect(await endedRuns(other, 2)).toMatchObject([{ trigger: 'replay', replayOf: other.runId, status: 'succeeded' }, {}]);
    expect(await jobsOf(one, other)).toEqual([2, 2]);
    expect(await stack.epochs('klaviyo-sink')).toHaveLength(1);
  });

  it('that is moved back again after that, and killed at one step of the replay after the other, has one more effect', async () => {
    await stack.whileDownThen('klaviyo-sink', rewindBatches, async () => {
      for (const step of deaths['klaviyo-sink']) await stack.dies('klaviyo-sink', step);
    });
    await Promise.all([endedRuns(one, 3), endedRuns(other, 3)]);
    expect(await jobsOf(one, other)).toEqual([3, 3]);
    expect(await stack.epochs('klaviyo-sink')).toHaveLength(2);
  });

  it('that is moved back over its refreshes, and killed at the steps between, runs each export once more', async () => {
    const rewind = () => resetGroup('export-orchestrator', 'segment.refreshes', '--to-earliest');
    await stack.whileDownThen('export-orchestrator', rewind, async () => {
      for (const step of deaths['export-orchestrator']) await stack.dies('export-orchestrator', step);
    });
    expect(await endedRuns(one, 4)).toMatchObject([{ trigger: 'replay', kind: 'full', replayOf: one.runId }, {}, {}, {}]);
    await endedRuns(other, 4);
    expect(await jobsOf(one, other)).toEqual([4, 4]);
    expect(await stack.epochs('export-orchestrator')).toHaveLength(1);
  });
});
