import type { Run } from '@courier/contracts';
import type { ExpectedFigures } from '@courier/sample-segment';
import Table from 'cli-table3';

export interface Figure {
  name: string;
  expected: number | string;
  found: number | string;
}

/** What the run and the list say, each beside what the generator of the folder knows. */
export function compare(
  run: Pick<Run, 'status' | 'counts' | 'invalidReasons'>,
  expected: ExpectedFigures,
  list: { members: number; strangers: number },
): Figure[] {
  const { counts } = run;
  const reasons = Object.entries(expected.invalidReasons);
  return [
    { name: 'status', expected: 'completed_with_errors', found: run.status },
    { name: 'rows in the snapshot', expected: expected.rows, found: counts.snapshotRows },
    { name: 'duplicates', expected: expected.duplicates, found: counts.duplicates },
    { name: 'invalid', expected: expected.invalid, found: counts.invalid },
    ...reasons.map(([reason, count]) => ({ name: `  ${reason}`, expected: count, found: run.invalidReasons[reason] ?? 0 })),
    { name: 'people to add', expected: expected.distinctValid, found: counts.toAdd },
    { name: 'accepted by Klaviyo', expected: expected.distinctValid, found: counts.accepted },
    { name: 'rejected by Klaviyo', expected: 0, found: counts.rejected },
    { name: 'unconfirmed', expected: 0, found: counts.unconfirmed },
    { name: 'not attempted', expected: 0, found: counts.notAttempted },
    { name: 'members of the list', expected: expected.distinctValid, found: list.members },
    { name: 'members who do not belong', expected: 0, found: list.strangers },
  ];
}

export function isAsExpected(figures: readonly Figure[]): boolean {
  return figures.every(({ expected, found }) => expected === found);
}

export function outcomeTable(figures: readonly Figure[]): string {
  const table = new Table({
    head: ['', 'expected', 'found', ''],
    colAligns: ['left', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const { name, expected, found } of figures) table.push([name, expected, found, expected === found ? 'ok' : 'DIFFERS']);
  return table.toString();
}
