import { until } from '@courier/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readRun } from './harness/api';
import { Journey } from './harness/journey';
import { services } from './harness/memory';
import { OwnStack, signal } from './harness/own-stack';

/** Of a machine four times slower than a usual one. */
const START_MAX_MS = 600_000;
const TEST_MAX_MS = 900_000;
const TAKEN_OVER_MAX_MS = 400_000;

describe('two instances of each service', () => {
  let own: OwnStack;

  beforeAll(async () => {
    own = await OwnStack.start({ 'connection-service': 2, 'export-orchestrator': 2, 'klaviyo-sink': 2 });
  }, START_MAX_MS);

  afterAll(() => own.stop());

  it(
    'come to the same result when others join and some are killed during the run',
    async () => {
      const [journey, beside] = [await Journey.prepare(30_000), await Journey.prepare(5_000)];
      await journey.holdAfterFirstImport();
      await Promise.all([journey.begin(), beside.begin()]);
      await journey.untilHeld();
      await Promise.all([own.add('export-orchestrator'), own.add('klaviyo-sink')]);
      const killed = services.map((service) => own.pidOf(service));
      for (const pid of killed) signal(pid, 'SIGKILL');
      await journey.release();
      await journey.endsWell();
      await beside.endsWell();
      await until(
        () =>
          services.every((service) => own.pids(service).length === 2 && !own.pids(service).some((pid) => killed.includes(pid))),
        TAKEN_OVER_MAX_MS,
      );
    },
    TEST_MAX_MS,
  );

  it(
    'take over from sinks that are paused for longer than their leases, and refuse what those bring when they wake',
    async () => {
      // Prepared first: until a killed orchestrator's session ends, nobody hears of a new connection in its partitions.
      const journey = await Journey.prepare(30_000);
      await own.killAdded();
      await journey.holdAfterFirstImport({ kind: 'hang' });
      await journey.begin();
      await journey.untilHeld();
      // One of these has the account; only the one that comes now is left.
      const paused = own.pids('klaviyo-sink');
      await own.add('klaviyo-sink');
      // With a call under way, so that its owner has something to write when it wakes.
      await until(() => journey.account.anImportHangs());
      for (const pid of paused) signal(pid, 'SIGSTOP');
      try {
        await journey.release();
        await until(async () => (await readRun(journey.runId)).finishedAt !== null, TAKEN_OVER_MAX_MS);
      } finally {
        for (const pid of paused) signal(pid, 'SIGCONT');
      }
      await own.untilReady();
      // The calls that hung when their callers were paused are all that may have come twice.
      await journey.endsWell({ overlaps: 3 });
      expect(own.pids('klaviyo-sink')).toEqual(paused);
      // Its owner says so when all of its calls have ended.
      await until(() => own.logOf('klaviyo-sink').includes('lease_lost'));
    },
    TEST_MAX_MS,
  );
});
