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

  it('forgets what the audit has kept for its days, in pieces, and nothing younger', async () => {
    const record = (id: string, ageDays: number, rows: number) =>
      harness.dataSource.query(
        `INSERT INTO audit_events (id, created_at, actor, action, aggregate, changes, related)
         SELECT gen_random_uuid(), now() - $2 * interval '1 day', '{}', $1, '{}', '[]', '[]' FROM generate_series(1, $3)`,
        [id, ageDays, rows],
      );
    await record('old', 731, 10_001);
    await record('younger', 729, 2);
    await harness.running.get(InboxSweeper).sweep();
    const left: unknown[] = await harness.dataSource.query('SELECT action, count(*)::int FROM audit_events GROUP BY 1');
    expect(left).toEqual([{ action: 'younger', count: 2 }]);
  });
});
