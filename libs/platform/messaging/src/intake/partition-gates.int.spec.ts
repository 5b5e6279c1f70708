import type { Consumer } from '@courier/kafka';
import { NotYet, until } from '@courier/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { IntakeHarness } from '../testing/intake-harness';
import { Decisions } from './decisions';
import { GroupOffsets } from './group-offsets';
import { IntakeAdministration } from './intake-administration';
import { KafkaIntake } from './kafka-intake';
import { IntakeReadiness } from './readiness';
import { verdict } from './verdict';

const A_SECOND_MS = 1_000;
/** Longer than the session of the harness' service. */
const BEYOND_SESSION_MS = 7_000;

const nobody = { earlier: null, record: () => Promise.resolve() };
const ada = { sub: 'ada', name: 'Ada', roles: ['administrator' as const], address: null };

let harness: IntakeHarness;

beforeEach(async () => {
  harness = new IntakeHarness();
  await harness.prepare();
  await harness.start();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await harness.dispose();
});

const effects = (...expected: string[]) =>
  until(async () => JSON.stringify(await harness.effects()) === JSON.stringify(expected)).catch(async () => {
    throw new Error(`wanted ${expected.join()}, saw ${(await harness.effects()).join()}`);
  });

/** What a gate that goes on does after its look and before everything else. */
function beforeGoingOn(step: (...args: Parameters<Decisions['newestOf']>) => Promise<void>): void {
  const read = Decisions.prototype.newestOf;
  jest.spyOn(Decisions.prototype, 'newestOf').mockImplementation(async function (this: Decisions, manager, id) {
    await step(manager, id);
    return read.call(this, manager, id);
  });
}

describe('a gate that takes long', () => {
  async function takenAndRewound(): Promise<void> {
    await harness.sendNotes('a', 'b', 'c');
    await effects('a', 'b', 'c');
    await harness.stop();
    await harness.resetOffsets(0);
  }

  it('costs the member nothing, although records wait for it', async () => {
    await takenAndRewound();
    harness.observer = { at: (step) => (step === 'decision written' ? sleep(BEYOND_SESSION_MS) : Promise.resolve()) };
    await harness.start();
    await effects('a', 'b', 'c', 'a@1', 'b@1', 'c@1');
  });

  it('finds the operator’s commit, although the log has nothing there any more', async () => {
    await takenAndRewound();
    await harness.deleteBefore(1);
    const read = GroupOffsets.prototype.ofTopic;
    jest.spyOn(GroupOffsets.prototype, 'ofTopic').mockImplementation(async function (this: GroupOffsets, topic) {
      await sleep(200);
      return read.call(this, topic);
    });
    await harness.start();
    await effects('a', 'b', 'c', 'b@1', 'c@1');
    const { journal } = await harness.running.get(IntakeAdministration).status();
    expect(journal.map(({ code }) => code)).toContain('rewind_overtaken');
  });

  it('changes nothing when a later assignment’s was faster', async () => {
    await harness.sendNotes('a', 'b');
    await effects('a', 'b');
    await harness.stop();
    let waiting = 0;
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    beforeGoingOn(() => (waiting++ === 0 ? released : Promise.resolve()));
    await harness.start();
    await until(() => waiting > 0);
    let isTried = false;
    harness.behaviour = (name) => {
      if (name === 'c' || isTried) return verdict.done();
      isTried = true;
      return verdict.retry(2_000, 'not_yet');
    };
    const administration = harness.running.get(IntakeAdministration);
    const plan = await administration.planReplay(harness.topic, null);
    if (plan === null) throw new Error('there is no plan');
    await administration.startReplay(plan, { by: ada, reason: 'again', force: false, unfinishedOnly: false }, nobody);
    await harness.rebalance();
    await until(async () => {
      if (isTried) return true;
      return new NotYet({ ...(await administration.status()), problem: await harness.running.get(IntakeReadiness).check() });
    });
    release();
    await harness.sendNotes('c');
    await effects('a', 'b', 'a@1', 'b@1', 'c');
  });

  it('sees the claim of an earlier assignment’s whole or not at all', async () => {
    await harness.sendNotes('a', 'b');
    await effects('a', 'b');
    await harness.stop();
    let [isHeld, finish, isFinished] = [false, (): void => undefined, (): void => undefined];
    const released = new Promise<void>((resolve) => (finish = resolve));
    const finished = new Promise<void>((resolve) => (isFinished = resolve));
    harness.observer = {
      at: async (step) => {
        if (step === 'claim done') isFinished();
        if (step !== 'claim committed to Kafka' || isHeld) return;
        isHeld = true;
        await released;
      },
    };
    await harness.start();
    let [joins, assigned, looks] = [0, 0, 0];
    const consumer = harness.running.get(KafkaIntake).unwrap<Consumer>();
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      joins += 1;
      if (payload.memberAssignment[harness.topic] !== undefined) assigned += 1;
    });
    const find = Decisions.prototype.findUnclaimed;
    jest.spyOn(Decisions.prototype, 'findUnclaimed').mockImplementation(async function (this: Decisions, manager, id) {
      if (isHeld) {
        looks += 1;
        await finished;
      }
      return find.call(this, manager, id);
    });
    const administration = harness.running.get(IntakeAdministration);
    const plan = await administration.planReplay(harness.topic, null);
    if (plan === null) throw new Error('there is no plan');
    await administration.startReplay(plan, { by: ada, reason: 'again', force: false, unfinishedOnly: false }, nobody);
    await until(() => isHeld);
    await harness.rebalance(() => until(() => joins > 0));
    // The gate of the last assignment has read the position when the claim of the first ends.
    await until(() => joins > 1 && assigned > 0 && looks === assigned);
    finish();
    await effects('a', 'b', 'a@1', 'b@1');
  });

  it('does not drop what another owner has decided meanwhile', async () => {
    await harness.sendNotes('a');
    await effects('a');
    await harness.stop();
    beforeGoingOn((manager, id) => {
      const decision = { epoch: 9, kind: 'rewind', from: 0n, to: 5n, commandId: null } as const;
      const why = { actor: null, reason: null, force: false, unfinishedOnly: false };
      return new Decisions(harness.group).write(manager, id, decision, why);
    });
    await harness.start();
    await harness.sendNotes('b');
    await effects('a', 'b');
    expect(await harness.dataSource.query('SELECT epoch FROM intake_decisions')).toEqual([{ epoch: 9 }]);
  });
});

describe('a database that lost its last transactions', () => {
  it('gets them again, although a marker lies before the next record', async () => {
    await harness.sendTransaction('a');
    await harness.sendTransaction('b');
    await effects('a', 'b');
    // As it stood after a.
    await harness.dataSource.query(`DELETE FROM effects WHERE name = 'b'`);
    await harness.dataSource.query('DELETE FROM inbox WHERE record_offset > 0');
    await harness.dataSource.query('UPDATE intake_positions SET next_offset = 1, highest_offset = 1');
    await harness.sendTransaction('c');
    await effects('a', 'b', 'c');
  });
});

describe('a replay', () => {
  it('has a number that no replay had which a restored database has forgotten', async () => {
    await harness.sendNotes('a');
    await effects('a');
    await harness.stop();
    await harness.resetOffsets(0);
    await harness.start();
    await effects('a', 'a@1');
    const [forgotten = 0] = await harness.epochs();
    for (const table of ['intake_decisions', 'inbox WHERE epoch > 0', 'effects WHERE epoch > 0'])
      await harness.dataSource.query(`DELETE FROM ${table}`);
    await harness.stop();
    await sleep(A_SECOND_MS);
    await harness.resetOffsets(0);
    await harness.start();
    await effects('a', 'a@1');
    expect((await harness.epochs())[0]).toBeGreaterThan(forgotten);
  });
});

describe('readiness', () => {
  it('names what another instance has paused, for whoever asks this one', async () => {
    const waits = () => harness.app?.get(IntakeReadiness).waits();
    const row = [harness.group, harness.topic, 5, 'skip_requested', 'moved forward'];
    const insert = 'INSERT INTO intake_pauses (consumer, topic, partition, code, detail) VALUES ($1, $2, $3, $4, $5)';
    await harness.dataSource.query(insert, row);
    await until(() => waits() === `${harness.topic}/5 is paused (skip_requested): moved forward`);
    await harness.dataSource.query('DELETE FROM intake_pauses');
    await until(() => waits() === null);
  });
});
