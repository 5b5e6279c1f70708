import { describe, expect, it } from '@jest/globals';
import { runSchema, type Run, type RunCounts } from '@courier/contracts';
import { countsText, outcomeText } from './run-text';

const counts: RunCounts = {
  snapshotRows: 1_200,
  duplicates: 100,
  invalid: 50,
  excluded: 0,
  unchanged: 0,
  toAdd: 1_000,
  toChange: 50,
  toRemove: 0,
  accepted: 1_040,
  rejected: 10,
  unconfirmed: 0,
  withheld: 0,
  notAttempted: 0,
};

describe('countsText', () => {
  it('shows each sum above the counts that make it', () => {
    const [rows = '', outcomes = ''] = countsText(counts).split('\n\n');
    expect(rows).toMatch(/^Snapshot rows 1,200\n {2}duplicates +100\n/);
    expect(rows).toMatch(/to add +1,000\n/);
    expect(outcomes).toMatch(/^To deliver 1,050 \(add 1,000, change 50, remove 0\)\n {2}accepted +1,040\n/);
    expect(rows + outcomes).not.toContain('ADD UP');
  });

  it('says so when a sum does not hold', () => {
    expect(countsText({ ...counts, accepted: 1_039 })).toContain(
      'To deliver 1,050 (add 1,000, change 50, remove 0) - DOES NOT ADD UP',
    );
  });
});

describe('outcomeText', () => {
  it('names the columns that were left out, the first five of many', () => {
    const { example } = runSchema.meta() as { example: Run };
    const warnings = [
      { code: 'column_missing', count: 1, columns: ['Tier'] },
      { code: 'column_type_unsupported', count: 7, columns: ['A', 'B', 'C', 'D', 'E', 'F', 'G'] },
      { code: 'phone_invalid', count: 3 },
    ];
    const text = outcomeText({ ...example, warnings });
    expect(text).toMatch(/ {2}column_missing \(Tier\) +1\n/);
    expect(text).toMatch(/ {2}column_type_unsupported \(A, B, C, D, E and 2 more\) +7\n/);
    expect(text).toMatch(/ {2}phone_invalid +3$/);
  });
});
