import { until } from '@courier/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { runsOf } from './harness/api';
import { DatabaseDump } from './harness/database-dump';
import type { Journey } from './harness/journey';
import { NamedPeople } from './harness/named-people';
import { ops } from './harness/ops';
import { batchesOf, deliveredJourneys, endedRuns, jobsOf, type Replayer, ReplayStack } from './harness/replay-stack';
import { refresh } from './harness/segment';
import { deleteRecords, makeAnew, moveGroup, resetGroup } from './harness/stock-tools';

const both: Replayer[] = ['export-orchestrator', 'klaviyo-sink'];

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
  afterEach(() => stack.forgetMetadata('klaviyo-sink', false));

  const countRuns = async (journey: Journey) => (await runsOf(journey.exportId)).length;
  /** One more refresh of the export, and its end: whatever came before it has its end as well. */
  async function refreshed(journey: Journey): Promise<void> {
    const known = await countRuns(journey);
    await refresh(journey.segment);
    await endedRuns(journey, known + 1);
  }

  it('that is moved to where it stands, or whose offsets are deleted, reruns nothing after a crash', async () => {
    await stack.whileDown(both, () =>
      Promise.all([
        resetGroup('klaviyo-sink', 'klaviyo.batches', '--to-current'),
        moveGroup('export-orchestrator', 'segment.refreshes', '--delete-offsets'),
      ]),
    );
    await Promise.all([stack.dies('klaviyo-sink', 'record taken'), refreshed(one)]);
    expect(await jobsOf(one, other)).toEqual([2, 1]);
    for (const service of both) expect(await stack.epochs(service)).toEqual([]);
    expect(await stack.journalCodes('export-orchestrator')).toContain('offsets_lost');
  });

  it('whose broker loses the metadata of commits is not moved back before an operator says so', async () => {
    stack.forgetMetadata('klaviyo-sink', true);
    const toTheLast = () => resetGroup('klaviyo-sink', 'klaviyo.batches', '--shift-by', '-1');
    await stack.whileDownThen('klaviyo-sink', toTheLast, async () => {
      const paused = await stack.pausedFor('klaviyo-sink', 'rewind_requested');
      expect(await stack.problem('klaviyo-sink')).toContain('the broker does not keep the metadata of commits');
      expect(await jobsOf(one, other)).toEqual([2, 1]);
      await stack.decide('klaviyo-sink', paused, 'approve');
      await endedRuns(one, 3);
      stack.forgetMetadata('klaviyo-sink', false);
      await stack.kill('klaviyo-sink');
    });
    expect(await jobsOf(one)).toEqual([3]);
  });

  it('whose database comes back from a dump reruns nothing that the dump holds as finished, and loses nothing', async () => {
    const dumps = both.map((service) => new DatabaseDump(stack.own.stack.postgresAdminUrl, service));
    const [ofOrchestrator, ofSink] = dumps as [DatabaseDump, DatabaseDump];
    const restored = async (services: Replayer[], work: () => Promise<unknown>) => {
      await stack.whileDown(services, work);
      await until(async () => (await countRuns(one)) === runs);
      await endedRuns(one, runs);
      await refreshed(one);
      runs += 1;
    };
    const dumped = await batchesOf(one);
    await stack.whileDown(both, () => Promise.all(dumps.map((dump) => dump.take())));
    await refreshed(one);
    let runs = await countRuns(one);
    const [ones = 0, others] = await jobsOf(one, other);

    // Each batch once: one a run, or more where a busy machine cut the planning of one short.
    const sent = await batchesOf(one);
    await restored(['export-orchestrator'], () => ofOrchestrator.restore());
    let jobs = ones + (await batchesOf(one)) - sent;
    expect(jobs).toBeGreaterThan(ones);
    expect(await jobsOf(one, other)).toEqual([jobs, others]);
    // The sink does not know any more that it has sent what came since: those two, and the new one.
    await restored(['klaviyo-sink'], () => ofSink.restore());
    jobs += (await batchesOf(one)) - dumped;
    expect(await jobsOf(one, other)).toEqual([jobs, others]);
    await restored(both, () => Promise.all([ofOrchestrator.restore(), ofSink.restore()]));
    jobs += (await batchesOf(one)) - dumped;
    expect(await jobsOf(one, other)).toEqual([jobs, others]);
    for (const service of both) expect(await stack.journalCodes(service)).toContain('database_restored');
  });

  it('that is moved back over older and newer refreshes and batches leaves the newer values in Klaviyo', async () => {
    const people = await NamedPeople.prepare();
    const since = new Date().toISOString().replace('Z', '');
    const older = await people.rename('Older');
    await people.rename('Newer');
    await stack.whileDown(both, () =>
      Promise.all([
        resetGroup('export-orchestrator', 'segment.refreshes', '--to-datetime', since),
        resetGroup('klaviyo-sink', 'klaviyo.batches', '--to-datetime', since),
      ]),
    );
    // Two by the rewind of the refreshes, two by that of the batches.
    const runs = await endedRuns(people, 6);
    const ends = runs.filter(({ trigger }) => trigger === 'replay').map(({ status }) => status);
    expect(ends.filter((status) => status === 'superseded').length).toBeGreaterThanOrEqual(2);
    expect(await people.names()).toEqual(['Newer', 'Newer']);
    const alone = await ops<{ runIds: string[] }>('replay', 'start', '--run', older, '--reason', 'by mistake', '--yes');
    expect(alone.runIds).toEqual([]);
  });

  it('of which one export is replayed by hand while refreshes come runs only that once more', async () => {
    const [ones, others] = [await countRuns(one), await countRuns(other)];
    const live = refreshed(other);
    const { runIds } = await ops<{ runIds: string[] }>(
      ...['replay', 'start', '--export', one.exportId, '--reason', 'wrong list', '--yes'],
    );
    await live;
    await refreshed(other);
    const [newest] = await endedRuns(one, ones + 1);
    expect(newest).toMatchObject({ id: runIds[0], trigger: 'replay', replay: { reason: 'wrong list' } });
    expect([await countRuns(one), await countRuns(other)]).toEqual([ones + 1, others + 2]);
  });

  it('that is moved forward waits, says why, and goes on behind the skipped refresh when that is approved', async () => {
    const runs = await countRuns(one);
    const skip = async () => {
      await refresh(one.segment);
      await resetGroup('export-orchestrator', 'segment.refreshes', '--to-latest');
    };
    await stack.whileDownThen('export-orchestrator', skip, async () => {
      const paused = await stack.pausedFor('export-orchestrator', 'skip_requested');
      expect(paused).toHaveLength(1);
      await stack.decide('export-orchestrator', paused, 'approve', '--skip');
    });
    await refreshed(one);
    expect(await countRuns(one)).toBe(runs + 1);
  });

  it('behind records that retention took waits, says why, and goes on behind them when that is approved', async () => {
    const runs = await countRuns(one);
    const { partitions } = await stack.intake('export-orchestrator');
    const ends = partitions.filter(({ topic, position }) => topic === 'segment.refreshes' && position > 0);
    const lose = async () => {
      await Promise.all([refresh(one.segment), refresh(other.segment)]);
      await deleteRecords('segment.refreshes', Object.fromEntries(ends.map(({ partition }) => [partition, -1])));
    };
    await stack.whileDownThen('export-orchestrator', lose, async () => {
      const paused = await stack.pausedFor('export-orchestrator', 'retention_gap');
      await stack.decide('export-orchestrator', paused, 'approve', '--skip');
    });
    await refreshed(one);
    expect(await countRuns(one)).toBe(runs + 1);
  });

  it('whose topic was made anew waits, says why, and reads the new one from its start when that is adopted', async () => {
    const [runs, epochs] = [await countRuns(one), await stack.epochs('export-orchestrator')];
    await stack.whileDownThen(
      'export-orchestrator',
      () => makeAnew('segment.refreshes'),
      async () => {
        const paused = await stack.pausedFor('export-orchestrator', 'topic_truncated');
        await refresh(one.segment);
        await stack.decide('export-orchestrator', paused, 'adopt');
      },
    );
    await endedRuns(one, runs + 1);
    expect(await countRuns(one)).toBe(runs + 1);
    expect(await stack.epochs('export-orchestrator')).toEqual(epochs);
  });
});
