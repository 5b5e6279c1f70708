import { segmentRefreshedV1 } from '@courier/contracts';
import { type Incoming, IntakeContext, type Verdict, verdict } from '@courier/messaging';
import { stopTelemetry } from '@courier/telemetry';
import { startTelemetry } from '@courier/telemetry/start';
import { fuzzSeed, publishRecords, randomName, until } from '@courier/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { canary, fuzzedRecords, trapRecords } from '../../testing/fuzzed-records';
import { IntakeBench } from '../../testing/intake-bench';
import { OrchestratorBench } from '../../testing/orchestrator-bench';
import { StartRunsOfRefresh } from '../../use-cases/start-runs-of-refresh';

const RECORDS = 250;
const topic = randomName('fuzz');

let bench: OrchestratorBench;

@Controller()
class FuzzedRefreshesConsumer {
  @EventPattern<string>(topic)
  async handle(@Payload() message: Incoming<typeof segmentRefreshedV1>, @Ctx() { manager }: IntakeContext): Promise<Verdict> {
    const { id: eventId, source, epoch, data } = message;
    const refresh = await bench.get(StartRunsOfRefresh).execute(manager, { eventId, source, epoch, data });
    if (refresh === null) return verdict.skip('heard_before');
    return refresh.verdict === 'ignored' ? verdict.skip(refresh.reason ?? 'ignored') : verdict.done();
  }
}

/** Whatever anybody writes into the topic: bytes, headers, JSON that nearly is a refresh. */
describe('the intake of refreshes', () => {
  const ends = new AsyncDisposableStack();
  let intake: IntakeBench;

  beforeAll(async () => {
    // As a service has it: what the headers say of a trace is read too.
    startTelemetry({ serviceName: 'spec' });
    ends.defer(() => stopTelemetry());
    bench = await OrchestratorBench.open();
    ends.defer(() => bench.close());
    await bench.export();
    const messages = [{ ...segmentRefreshedV1, topic }];
    intake = await IntakeBench.open({ database: bench.database, topic, messages, consumer: FuzzedRefreshesConsumer });
    ends.defer(() => intake.close());
  });

  afterAll(() => ends.disposeAsync());

  it('ends every record in exactly one way, goes past all of them and repeats nothing of what they say', async () => {
    const records = [...trapRecords(), ...fuzzedRecords(RECORDS, fuzzSeed)];
    await publishRecords(intake.brokers, topic, records);
    const told = (what: string) => `${what}, FUZZ_SEED=${fuzzSeed}`;
    await until(async () => (await intake.position()) === records.length, 240_000).catch(async (error: unknown) => {
      throw new Error(told(`stuck at ${await intake.position()}`), { cause: error });
    });
    expect(await intake.problems()).toBeNull();

    const ends = await intake.ends();
    const letters = await intake.deadLetters();
    const counted = Object.fromEntries(['done', 'skipped', 'dead_lettered'].map((way) => [way, 0]));
    for (const offset of records.keys()) {
      const inbox = ends.filter((end) => end.offset === offset).map(({ disposition }) => disposition);
      const dead = letters.filter((letter) => letter['dead-letter-offset'] === String(offset));
      const way = inbox[0] ?? (dead.length > 0 ? 'dead_lettered' : 'known');
      expect([told(`record ${offset} ${way}`), dead.length]).toEqual([
        told(`record ${offset} ${way}`),
        way === 'dead_lettered' ? 1 : 0,
      ]);
      // The same event again.
      if (way === 'known') expect(ends.some((end) => end.eventId === records[offset]?.id && end.offset < offset)).toBe(true);
      else counted[way] = (counted[way] ?? 0) + 1;
    }
    for (const offset of trapRecords().keys())
      expect(letters.map((letter) => letter['dead-letter-offset'])).toContain(`${offset}`);
    // The generator reaches every way, else this proves little.
    for (const count of Object.values(counted)) expect(count).toBeGreaterThan(5);
    expect(letters.filter((letter) => JSON.stringify(letter).includes(canary))).toEqual([]);
    // Each is named for what it is; that the last of five tries ends anything at all is the net below.
    const untold = letters.filter((letter) => letter['dead-letter-reason'] === 'handler_failed');
    expect(untold.map((letter) => told(`record ${letter['dead-letter-offset']} ${letter['dead-letter-detail']}`))).toEqual([]);
    for (const letter of letters) {
      expect(Object.values(letter).every((header) => header !== '')).toBe(true);
      expect(Object.keys(letter).sort()).toEqual(
        ['at', 'bytes', 'consumer', 'detail', 'offset', 'partition', 'reason', 'sha256', 'topic'].map(
          (name) => `dead-letter-${name}`,
        ),
      );
    }
  });
});
