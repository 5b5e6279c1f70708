import { until } from '@courier/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { IntakeHarness } from '../testing/intake-harness';
import { killedAt } from '../testing/killed-instance';
import type { IntakeStep } from './observer';

/** The children compile their sources, five at a time. */
const SLOWLY_MS = 900_000;

const harnesses: IntakeHarness[] = [];

afterEach(() => Promise.all(harnesses.splice(0).map((harness) => harness.dispose())));

async function sentAndTaken(): Promise<IntakeHarness> {
  const harness = new IntakeHarness();
  harnesses.push(harness);
  await harness.prepare();
  await harness.start();
  await harness.sendNotes('a', 'b');
  await effects(harness, 'a', 'b');
  await harness.stop();
  return harness;
}

async function effects(harness: IntakeHarness, ...expected: string[]): Promise<void> {
  await until(async () => (await harness.effects()).length >= expected.length, 180_000);
  expect(await harness.effects()).toEqual(expected);
}

async function finishes(harness: IntakeHarness, ...expected: string[]): Promise<void> {
  await harness.start();
  await harness.sendNotes('last');
  await effects(harness, ...expected, 'last');
}

describe('an instance that is killed', () => {
  // Each row in a group of its own, at the same time: what takes long is that the group waits for the dead.
  const deaths: [IntakeStep, IntakeStep][] = [
    ['before the decision', 'decision written'],
    ['decision written', 'claim committed to Kafka'],
    ['claim committed to Kafka', 'claim done'],
    ['record taken, not committed', 'record taken'],
    ['record taken', 'offset committed to Kafka'],
  ];

  it(
    'at any step of a replay, and at the next try again, brings it to its end with one effect',
    async () => {
      await Promise.all(
        deaths.map(async ([first, second]) => {
          const harness = await sentAndTaken();
          await harness.resetOffsets(0);
          await killedAt(harness, first);
          await killedAt(harness, second);
          await finishes(harness, 'a', 'b', 'a@1', 'b@1');
        }),
      );
    },
    SLOWLY_MS,
  );

  it(
    'after a harmless reset starts no replay',
    async () => {
      const harness = await sentAndTaken();
      await harness.resetOffsets(2);
      await harness.sendNotes('c');
      await killedAt(harness, 'record taken');
      await finishes(harness, 'a', 'b', 'c');
    },
    SLOWLY_MS,
  );
});
