import { until } from '@courier/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { IntakeHarness } from '../testing/intake-harness';
import { IntakeAdministration } from './intake-administration';
import { IntakeController } from './intake.controller';
import { verdict } from './verdict';

const user = { sub: 'ada', name: 'Ada', roles: ['administrator' as const], address: '127.0.0.1' };

describe('a request for a replay', () => {
  let harness: IntakeHarness;

  beforeEach(async () => {
    harness = new IntakeHarness();
    await harness.prepare();
    await harness.start();
  });
  afterEach(() => harness.dispose());

  it('is answered the same when it comes again while its range is read', async () => {
    await harness.sendNotes('a', 'b');
    await until(async () => (await harness.names()).length === 2);
    harness.behaviour = () => verdict.retry(50, 'not_yet');
    const controller = harness.running.get(IntakeController);
    const body = { topic: harness.topic, reason: 'again', force: false, unfinishedOnly: false, approved: false };
    const request = { user, matches: () => true, authorization: '' };

    let reference: string | null = null;
    const record = (_manager: unknown, made: string) => Promise.resolve(void (reference = made));
    const first = await controller.start(body, { ...request, once: { earlier: null, record } });
    expect(first).toMatchObject({ records: 2, partitions: [{ partition: 0, from: 0, to: 2 }] });
    const administration = harness.running.get(IntakeAdministration);
    await until(async () => (await administration.status()).epochs.some(({ state }) => state === 'reading'));
    expect(await controller.start(body, { ...request, once: { earlier: reference, record } })).toEqual(first);
  });

  it('that a version before has started, which kept an id and no plan, is answered and starts nothing', async () => {
    await harness.sendNotes('a');
    await until(async () => (await harness.names()).length === 1);
    const body = { topic: harness.topic, reason: 'again', force: false, unfinishedOnly: false, approved: false };
    const once = { earlier: '0199a2b4-0000-7000-8000-00000000000e', record: () => Promise.reject(new Error('recorded again')) };
    const answer = await harness.running
      .get(IntakeController)
      .start(body, { user, matches: () => true, authorization: '', once });
    expect(answer).toMatchObject({ topic: harness.topic, records: 1 });
    expect(await harness.epochs()).toEqual([]);
  });
});
