import { describe, expect, it } from '@jest/globals';
import type { Run } from '@courier/contracts';
import { compare, isAsExpected, outcomeTable } from './sample-outcome';

const expected = { rows: 13, duplicates: 2, invalid: 1, invalidReasons: { email_missing: 1 }, distinctValid: 10 };
const none = { excluded: 0, unchanged: 0, toChange: 0, toRemove: 0, rejected: 0, unconfirmed: 0, withheld: 0, notAttempted: 0 };
const run = (counts: Partial<Run['counts']> = {}): Pick<Run, 'status' | 'counts' | 'invalidReasons'> => ({
  status: 'completed_with_errors',
  invalidReasons: { email_missing: 1 },
  counts: { ...none, snapshotRows: 13, duplicates: 2, invalid: 1, toAdd: 10, accepted: 10, ...counts },
});

describe('the outcome of the sample', () => {
  it('is as expected when every figure and the list agree', () => {
    expect(isAsExpected(compare(run(), expected, { members: 10, strangers: 0 }))).toBe(true);
  });

  it.each([
    ['a count', run({ accepted: 9, rejected: 1 }), { members: 10, strangers: 0 }],
    ['the status', { ...run(), status: 'succeeded' as const }, { members: 10, strangers: 0 }],
    ['a reason', { ...run(), invalidReasons: { email_malformed: 1 } }, { members: 10, strangers: 0 }],
    ['the list', run(), { members: 10, strangers: 1 }],
  ])('is not as expected when %s differs, and the table says so', (_what, actual, list) => {
    const figures = compare(actual, expected, list);
    expect(isAsExpected(figures)).toBe(false);
    expect(outcomeTable(figures)).toContain('DIFFERS');
  });
});
