import { createTopics } from '@courier/kafka';
import { until } from '@courier/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { IntakeHarness } from '../testing/intake-harness';
import type { GateCommand } from './gate';
import { IntakeAdministration, type IntakeStatus } from './intake-administration';
import { IntakeReadiness } from './readiness';
import { Replays } from './replays';
import { verdict } from './verdict';

let harness: IntakeHarness;
beforeEach(() => {
  harness = new IntakeHarness();
});
afterEach(() => harness.dispose());

async function start(): Promise<void> {
  await harness.prepare();
  await harness.start();
}

/** Every effect so far, in any order. */
function effects(...expected: string[]): Promise<boolean> {
  return until(async () => {
    const seen = await harness.effects();
    return seen.length >= expected.length && JSON.stringify(seen.sort()) === JSON.stringify(expected.sort());
  }).catch(async () => {
    throw new Error(`wanted ${expected.join()}, saw ${(await harness.effects()).join()}`);
  });
}

function administration(): IntakeAdministration {
  if (harness.app === null) throw new Error('the service is not running');
  return harness.app.get(IntakeAdministration);
}

const readiness = () => harness.app?.get(IntakeReadiness);
const status = (): Promise<IntakeStatus> => administration().status();
/** Whether the n-th replay is. */
const isRead = async (count: number) => harness.isRead((await harness.epochs())[count - 1]);

/** A reset with the stock tool, between a stop and a start. */
async function rewind(...offsets: number[]): Promise<void> {
  await harness.stop();
  await harness.resetOffsets(...offsets);
  await harness.start();
}

async function pausedFor(code: string): Promise<void> {
  await until(async () => (await status()).partitions.some(({ paused }) => paused?.code === code));
  await until(() => readiness()?.waits()?.includes(`${harness.topic}/0 is paused (${code})`));
  expect(await readiness()?.check()).toBeNull();
}

const ada = { sub: 'ada', name: 'Ada', roles: ['administrator' as const], address: '127.0.0.1' };
// A request without an Idempotency-Key.
const firstTime = { earlier: null, record: () => Promise.resolve() };

async function command(kind: Exclude<GateCommand, 'replay'>): Promise<string | null> {
  const asked = { kind, by: ada, reason: 'it is fine' };
  return (await administration().command({ topic: harness.topic, partition: 0 }, asked, firstTime)).answer;
}

/** What the audit trail tells of the partition. */
async function decided(): Promise<string[]> {
  const told = await harness.audited(`${harness.topic}/0`);
  return told.map(({ action, actor, reason }) => `${action} by ${actor.sub}: ${reason}`);
}

async function settled(): Promise<void> {
  await until(async () => (await readiness()?.check()) === null && readiness()?.waits() === null);
}

describe('an operator’s rewind', () => {
  it('gives each record of its range exactly one new effect, and none to what comes after', async () => {
    await start();
    await harness.sendNotes('a', 'b', 'c');
    await effects('a', 'b', 'c');
    await rewind(1);
    await effects('a', 'b', 'c', 'b@1', 'c@1');
    await harness.sendNotes('d');
    await effects('a', 'b', 'c', 'b@1', 'c@1', 'd');
    expect(await isRead(1)).toBe(true);
  });

  it('is one replay when the same reset is made twice before the start, and one more after it', async () => {
    await start();
    await harness.sendNotes('a', 'b');
    await effects('a', 'b');
    await harness.stop();
    await harness.resetOffsets(0);
    await rewind(0);
    await effects('a', 'b', 'a@1', 'b@1');
    await rewind(0);
    await effects('a', 'b', 'a@1', 'b@1', 'a@2', 'b@2');
    const newestFirst = (await harness.epochs()).reverse();
    expect((await status()).epochs.map(({ epoch }) => epoch)).toEqual(newestFirst);
    expect((await status()).epochs.map(({ state }) => state)).toEqual(['read', 'closed']);
  });

  it('takes over what an earlier replay had still before it', async () => {
    await start();
    await harness.sendNotes('a', 'b', 'c');
    await effects('a', 'b', 'c');
    harness.behaviour = (name) => (name === 'b' ? verdict.retry(60_000, 'not_yet') : verdict.done());
    await rewind(0);
    await effects('a', 'b', 'c', 'a@1');
    expect(await isRead(1)).toBe(false);
    await harness.stop();
    harness.behaviour = () => verdict.done();
    await rewind(0);
    await effects('a', 'b', 'c', 'a@1', 'a@2', 'b@2', 'c@2');
    expect(await isRead(1)).toBe(true);
  });

  it('over several partitions is one replay, whichever of two instances owns them', async () => {
    harness.partitions = 4;
    await start();
    const everywhere = ['a', 'b', 'c', 'd'];
    await harness.send(everywhere.map((name, partition) => ({ value: JSON.stringify({ name }), partition })));
    await effects(...everywhere);
    await harness.stop();
    await harness.resetOffsets(0, 0, 0, 0);
    await harness.start();
    const second = await harness.startInstance();
    try {
      await effects(...everywhere, ...everywhere.map((name) => `${name}@1`));
      await until(() => isRead(1));
      expect((await status()).journal.filter(({ code }) => code === 'rewind')).toHaveLength(4);
    } finally {
      await second.close();
    }
  });

  it('is not read before every partition has claimed it', async () => {
    await start();
    const rows = `INSERT INTO intake_decisions (consumer, topic, epoch, partition, kind, from_offset, to_offset)`;
    await harness.dataSource.query(`${rows} VALUES ($1, $2, 7, 3, 'rewind', 0, 5)`, [harness.group, harness.topic]);
    expect(await harness.isRead(7)).toBe(false);
    expect(await harness.isRead(8)).toBe(true);
  });

  it('ends at the markers of transactions where no record is left', async () => {
    await start();
    await harness.sendTransaction('a');
    await effects('a');
    await harness.stop();
    // An operator skips over the marker that nobody has read.
    await harness.resetOffsets(2);
    await harness.start();
    await pausedFor('skip_requested');
    expect(await command('skip')).toBe('done');
    await rewind(0);
    await effects('a', 'a@2');
    await until(() => isRead(2));
  });

  it('can be ended on the way by a command and by the stock tool', async () => {
    await start();
    await harness.sendNotes('a', 'b', 'c');
    await effects('a', 'b', 'c');
    harness.behaviour = (name) => (name === 'b' ? verdict.retry(500, 'not_yet') : verdict.done());
    await rewind(0);
    await effects('a', 'b', 'c', 'a@1');
    expect(await command('abort')).toBe('done');
    expect(await isRead(1)).toBe(true);
    await effects('a', 'b', 'c', 'a@1', 'aborted@1');
    await rewind(0);
    await effects('a', 'b', 'c', 'a@1', 'aborted@1', 'a@3');
    await rewind(2);
    harness.behaviour = () => verdict.done();
    await harness.sendNotes('d');
    await effects('a', 'b', 'c', 'a@1', 'aborted@1', 'a@3', 'd');
    expect(await isRead(3)).toBe(true);
  });

  it('can be given up after it was read, once, with what it led to', async () => {
    await start();
    await harness.sendNotes('a', 'b');
    await effects('a', 'b');
    await rewind(1);
    await effects('a', 'b', 'b@1');
    expect(await command('abort')).toBe('done');
    await effects('a', 'b', 'b@1', 'aborted@1');
    expect(await command('abort')).toBe('nothing_to_do');
    await harness.sendNotes('c');
    await effects('a', 'b', 'b@1', 'aborted@1', 'c');
  });

  it('needs no stop when an administrator asks the service for it', async () => {
    harness.partitions = 2;
    await start();
    await harness.send(['a', 'b'].map((name, partition) => ({ value: JSON.stringify({ name }), partition })));
    await effects('a', 'b');
    const plan = await administration().planReplay(harness.topic, null);
    expect(plan).toMatchObject({
      records: 2,
      needsApproval: false,
      partitions: [
        { from: 0, to: 1 },
        { from: 0, to: 1 },
      ],
    });
    if (plan === null) throw new Error('there is no plan');
    const wish = { reason: 'wrong mapping', force: true, unfinishedOnly: true };
    await administration().startReplay(plan, { ...wish, by: ada }, firstTime);
    await effects('a', 'b', 'a@1', 'b@1');
    const replays = harness.running.get(Replays);
    const [epoch = 0] = await harness.epochs();
    expect(await replays.find(harness.dataSource.manager, harness.topic, epoch)).toEqual({ epoch, actor: 'ada', ...wish });
    expect((await status()).epochs).toMatchObject(Array(2).fill({ epoch, actor: 'ada', state: 'read' }));
    expect(await harness.audited(harness.topic)).toMatchObject([{ action: 'replay.started', actor: ada, reason: wish.reason }]);
    expect(await decided()).toEqual([]);
    await rewind(0, 1);
    await effects('a', 'b', 'a@1', 'b@1', 'a@2');
    const stock = { actor: null, reason: null, force: false, unfinishedOnly: false };
    const [, next = 0] = await harness.epochs();
    const found = await harness.running.get(Replays).find(harness.dataSource.manager, harness.topic, next);
    expect(found).toEqual({ epoch: next, ...stock });
    expect((await administration().planReplay(harness.topic, new Date(Date.now() + 60_000)))?.partitions).toEqual([]);
  });

  it('of a fact topic is harmless', async () => {
    harness.topicClass = 'fact';
    await start();
    await harness.sendNotes('a');
    await effects('a');
    await rewind(0);
    await settled();
    await harness.sendNotes('b');
    await effects('a', 'b');
    expect((await status()).epochs).toEqual([]);
  });
});

describe('what only looks like a rewind', () => {
  it('goes on where PostgreSQL stands when the group’s offsets were deleted', async () => {
    await start();
    await harness.sendNotes('a', 'b');
    await effects('a', 'b');
    await harness.stop();
    await harness.asAdmin((admin) => admin.deleteGroups([harness.group]));
    await harness.start();
    await harness.sendNotes('c');
    await effects('a', 'b', 'c');
    expect((await status()).journal.map(({ code }) => code)).toContain('offsets_lost');
  });

  it('repeats what a restored database lost, and nothing of what it holds', async () => {
    await start();
    await harness.sendNotes('a', 'b', 'c');
    await effects('a', 'b', 'c');
    await harness.stop();
    await harness.start();
    await settled();
    // As it stood after the first record.
    await harness.dataSource.query(`DELETE FROM effects WHERE name <> 'a'`);
    await harness.dataSource.query('DELETE FROM inbox WHERE record_offset > 0');
    await harness.dataSource.query('UPDATE intake_positions SET next_offset = 1, highest_offset = 1');
    await harness.stop();
    await harness.start();
    await effects('a', 'b', 'c');
    expect((await status()).journal.map(({ code }) => code)).toContain('database_restored');
  });
});

describe('what an operator must decide', () => {
  it('pauses for a skip forward until it is approved', async () => {
    await start();
    await harness.sendNotes('a');
    await effects('a');
    await harness.stop();
    await harness.sendNotes('b', 'c');
    await harness.resetOffsets(2);
    await harness.start();
    await pausedFor('skip_requested');
    await harness.stop();
    await harness.start();
    await pausedFor('skip_requested');
    expect(await command('adopt')).toBe('nothing_to_do');
    expect(await command('skip')).toBe('done');
    await effects('a', 'c');
    await settled();
    expect(await harness.alerted()).toEqual(['raised skip_requested 0', 'cleared skip_requested 0']);
    expect((await status()).journal[0]).toMatchObject({ code: 'skip', actor: 'ada', reason: 'it is fine' });
    expect(await decided()).toEqual(['replay.skip_approved by ada: it is fine']);
  });

  it('refuses a skip forward on command and loses nothing', async () => {
    await start();
    await harness.sendNotes('a');
    await effects('a');
    await harness.stop();
    await harness.sendNotes('b', 'c');
    await harness.resetOffsets(2);
    await harness.start();
    await pausedFor('skip_requested');
    expect(await command('abort')).toBe('done');
    await effects('a', 'b', 'c');
    expect(await decided()).toEqual(['replay.aborted by ada: it is fine']);
  });

  it('pauses where retention took records, and goes on behind the gap when that is approved', async () => {
    await start();
    await harness.sendNotes('a');
    await effects('a');
    await harness.stop();
    await harness.sendNotes('b', 'c');
    await harness.deleteBefore(2);
    await harness.start();
    await pausedFor('retention_gap');
    expect(await command('skip')).toBe('done');
    await effects('a', 'c');
    await settled();
  });

  it('begins a rewind that retention overtook at the first record that is left, and says so', async () => {
    await start();
    await harness.sendNotes('a', 'b', 'c');
    await effects('a', 'b', 'c');
    await harness.stop();
    await harness.resetOffsets(0);
    await harness.deleteBefore(1);
    await harness.start();
    await effects('a', 'b', 'c', 'b@1', 'c@1');
    expect((await status()).journal.map(({ code }) => code)).toContain('rewind_overtaken');
  });

  it('pauses when the topic was made anew, and begins another generation when it is adopted', async () => {
    await start();
    await harness.sendNotes('a', 'b', 'c');
    await effects('a', 'b', 'c');
    await rewind(0);
    await effects('a', 'b', 'c', 'a@1', 'b@1', 'c@1');
    await harness.stop();
    await harness.asAdmin(async (admin) => {
      await admin.deleteTopics({ topics: [harness.topic] });
      await until(async () => !(await admin.listTopics()).includes(harness.topic));
      await createTopics(admin, [{ topic: harness.topic, numPartitions: 1 }]);
    });
    await harness.sendNotes('d');
    await harness.start();
    await pausedFor('topic_truncated');
    expect(await command('skip')).toBe('nothing_to_do');
    expect(await command('adopt')).toBe('done');
    expect(await decided()).toEqual(['replay.adopted by ada: it is fine']);
    await effects('a', 'b', 'c', 'a@1', 'b@1', 'c@1', 'd');
    expect((await status()).partitions[0]).toMatchObject({ generation: 2, position: 1, highest: 1, paused: null });
  });
});
