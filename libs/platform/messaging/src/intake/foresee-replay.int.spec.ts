import { until } from '@courier/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IntakeHarness } from '../testing/intake-harness';
import { ForeseeReplay } from './foresee-replay';
import { IntakeAdministration } from './intake-administration';

describe('a replay that is planned', () => {
  const harness = new IntakeHarness();

  beforeAll(async () => {
    await harness.prepare();
    await harness.start();
  });
  afterAll(() => harness.dispose());

  it('is told by its records, and changes nothing', async () => {
    await harness.sendNotes('a');
    await harness.send([{ value: '{"name":' }]);
    // With a marker, which is no record.
    await harness.sendTransaction('b');
    await until(async () => (await harness.names()).length === 2);
    const range = [{ partition: 0, from: 0, to: 4 }];
    const how = { force: false, unfinishedOnly: false };
    expect(await harness.running.get(ForeseeReplay).execute(harness.topic, range, how)).toMatchObject([
      { verdict: 'runs', records: 2, detail: 'a,b' },
      { verdict: 'put_aside', records: 1 },
      { verdict: 'unknown', records: 1 },
    ]);
    expect((await harness.running.get(IntakeAdministration).status()).epochs).toEqual([]);
    const { groups } = await harness.asAdmin((admin) => admin.listGroups());
    expect(groups.filter(({ groupId }) => groupId.startsWith(`${harness.group}-ranges`))).toEqual([]);
    expect(await harness.names()).toEqual(['a', 'b']);
  });
});
