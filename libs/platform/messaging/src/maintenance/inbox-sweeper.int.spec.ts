import { until } from '@courier/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IntakeHarness } from '../testing/intake-harness';
import { InboxSweeper } from './inbox-sweeper';

describe('the sweep of the inbox', () => {
  const harness = new IntakeHarness();

  beforeAll(async () => {
    await harness.prepare();
    await harness.start();
  });
  afterAll(() => harness.dispose());

  it('forgets what the topics hold no more, retention and margin considered, and nothing younger', async () => {
    await harness.sendNotes('old', 'younger', 'new');
    await harness.send([{ value: 'old and broken' }, { value: 'new and broken' }]);
    const count = async (table: string) => {
      const rows: { count: number }[] = await harness.dataSource.query(`SELECT count(*)::int FROM ${table}`);
      return rows[0]?.count;
    };
    await until(async () => (await count('dead_letters')) === 2);
    const age = (table: string, time: string, offset: number, days: number) =>
      harness.dataSource.query(`UPDATE ${table} SET ${time} = now() - $2 * interval '1 day' WHERE record_offset = $1`, [
        offset,
        days,
      ]);
    await age('inbox', 'received_at', 0, 39);
    await age('inbox', 'received_at', 1, 37);
    await age('dead_letters', 'created_at', 3, 39);
    await harness.running.get(InboxSweeper).sweep();
    const left: { at: number }[] = await harness.dataSource.query('SELECT record_offset::int AS at FROM inbox ORDER BY 1');
    expect(left.map(({ at }) => at)).toEqual([1, 2]);
    expect(await count('dead_letters')).toBe(1);
  });
});
