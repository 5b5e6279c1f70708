import { type Run, type RunCounts, terminalRunStatuses } from '@courier/contracts';
import { expect } from '@jest/globals';
import type { DataSource } from 'typeorm';

type BatchSums = Pick<RunCounts, 'accepted' | 'rejected' | 'unconfirmed' | 'notAttempted'>;

/** Invariant 3, added up independently of the code that enforces it: in all that observers were told, and in every ended run's batches. */
export async function expectAccountingLaw(dataSource: DataSource, told: Run[]): Promise<void> {
  const ended = told.filter(({ status }) => (terminalRunStatuses as readonly string[]).includes(status));
  for (const { counts, invalidReasons } of ended) {
    const { duplicates, invalid, excluded, unchanged, toAdd, toChange, toRemove } = counts;
    const { accepted, rejected, unconfirmed, withheld, notAttempted } = counts;
    expect(duplicates + invalid + excluded + unchanged + toAdd + toChange).toBe(counts.snapshotRows);
    expect(Object.values(invalidReasons).reduce((sum, count) => sum + count, 0)).toBe(invalid);
    expect(accepted + rejected + unconfirmed + withheld + notAttempted).toBe(toAdd + toChange + toRemove);
  }
  // A skipped run has people that it did not attempt, and no batches.
  for (const { id, counts, batches } of ended.filter(({ status }) => status !== 'skipped')) {
    const sums: (BatchSums & { total: number; finished: number })[] = await dataSource.query(
      `SELECT coalesce(sum(accepted), 0)::int AS accepted, coalesce(sum(rejected), 0)::int AS rejected,
         coalesce(sum(unconfirmed), 0)::int AS unconfirmed, coalesce(sum(not_attempted), 0)::int AS "notAttempted",
         count(*)::int AS total, count(*) FILTER (WHERE status = 'finished')::int AS finished
       FROM batches WHERE run_id = $1`,
      [id],
    );
    const { accepted, rejected, unconfirmed, notAttempted } = counts;
    expect(sums).toEqual([{ accepted, rejected, unconfirmed, notAttempted, total: batches.total, finished: batches.finished }]);
    expect(batches.finished).toBe(batches.total);
  }
  const endings = new Set(ended.map(({ id }) => id));
  expect(endings.size).toBe(ended.length);
}
