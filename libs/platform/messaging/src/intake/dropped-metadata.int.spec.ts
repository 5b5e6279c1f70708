import { until } from '@courier/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { IntakeHarness } from '../testing/intake-harness';
import { commitMetadata } from './commit-metadata';
import { GroupOffsets } from './group-offsets';
import { IntakeAdministration } from './intake-administration';
import { IntakeReadiness } from './readiness';

describe('a broker that gives no metadata of commits back', () => {
  const harness = new IntakeHarness();

  beforeAll(async () => {
    await harness.prepare();
    await harness.start();
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await harness.dispose();
  });

  /** Commits reach the real broker; what is read of them is as some look-alikes of Kafka answer. */
  function forgetMetadata(): void {
    const read = GroupOffsets.prototype.ofTopic;
    jest.spyOn(GroupOffsets.prototype, 'ofTopic').mockImplementation(async function (this: GroupOffsets, topic) {
      const found = [...(await read.call(this, topic))].map(([partition, { committed, ...log }]) => {
        return [partition, { ...log, committed: committed && { ...committed, metadata: '' } }] as const;
      });
      return new Map(found);
    });
  }

  const effects = (count: number) =>
    until(async () => {
      const seen = await harness.names();
      return seen.length >= count ? seen : null;
    });
  const waits = () => until(() => readiness()?.includes('is paused (rewind_requested)'));
  const readiness = () => harness.running.get(IntakeReadiness).waits();

  async function command(kind: 'abort' | 'rewind'): Promise<string | null> {
    const by = { sub: 'ada', name: 'Ada', roles: ['administrator' as const], address: null };
    const asked = { kind, by, reason: 'it was a crash' };
    const once = { earlier: null, record: () => Promise.resolve() };
    const id = { topic: harness.topic, partition: 0 };
    return (await harness.running.get(IntakeAdministration).command(id, asked, once)).answer;
  }

  it('makes a crash look like a rewind, so an administrator says which it was before anything runs again', async () => {
    await harness.sendNotes('a', 'b');
    await effects(2);
    forgetMetadata();
    await harness.stop();
    // A crash between the effect of b and its commit.
    await harness.commit([{ topic: harness.topic, partition: 0, offset: '1', metadata: commitMetadata(0) }]);
    await harness.start();
    await waits();
    expect(await command('abort')).toBe('done');
    await harness.sendNotes('c');
    expect(await effects(3)).toEqual(['a', 'b', 'c']);
    expect(readiness()).toContain('does not keep the metadata of commits');

    await harness.stop();
    await harness.resetOffsets(2);
    await harness.start();
    await waits();
    expect(await command('rewind')).toBe('done');
    expect(await effects(4)).toEqual(['a', 'b', 'c', 'c']);
  });
});
