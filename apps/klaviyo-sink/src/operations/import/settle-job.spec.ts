import { describe, expect, it } from '@jest/globals';
import type { ImportError, ImportJob } from '../../klaviyo/import-job';
import { settleJob } from './settle-job';

const emails = ['a@x.io', 'b@x.io', 'c@x.io', 'd@x.io'];
const identifierAt = (line: number) => emails[line] ?? '';
const ranges = [[0, 3]] as [number, number][];
const job: ImportJob = {
  id: 'job',
  status: 'complete',
  createdAt: new Date(0),
  totalCount: 4,
  completedCount: 4,
  failedCount: 0,
  listIds: ['L'],
};
const error = (email: string | null): ImportError => ({ email, code: 'invalid', detail: 'bad' });

function settle(changed: Partial<ImportJob>, errors: ImportError[] = [], errorsComplete = true) {
  return settleJob({ job: { ...job, ...changed }, errors, errorsComplete }, ranges, identifierAt);
}

describe('a finished import job', () => {
  it('confirms all rows when it reports no failure', () => {
    expect(settle({})).toEqual({ results: [], accepted: 4, error: null });
  });

  it('rejects the rows that its errors name and confirms the others', () => {
    const verdict = settle({ failedCount: 1, completedCount: 3 }, [error('b@x.io')]);
    expect(verdict.accepted).toBe(3);
    expect(verdict.results).toEqual([{ line: 1, status: 'rejected', code: 'invalid', detail: 'bad' }]);
  });

  it('confirms nothing when a failure names no row, yet rejects the rows that are named', () => {
    const verdict = settle({ failedCount: 2, completedCount: 2 }, [error('b@x.io'), error(null)]);
    expect(verdict.accepted).toBe(0);
    expect(verdict.results.map(({ status }) => status)).toEqual(['rejected', 'unconfirmed', 'unconfirmed', 'unconfirmed']);
  });

  it.each([
    ['more failures than errors', { failedCount: 3, completedCount: 1 }, [error('a@x.io')], true],
    ['an error list that could not be read', { failedCount: 1 }, [error('a@x.io')], false],
    ['a cancelled job', { status: 'cancelled' }, [], true],
    ['an unknown end', { status: 'exploded' }, [], true],
    ['another number of rows', { totalCount: 5 }, [], true],
    ['fewer completed than it holds', { completedCount: 3 }, [], true],
    ['no count of failures and fewer completed', { completedCount: 3, failedCount: null }, [], true],
  ] as [string, Partial<ImportJob>, ImportError[], boolean][])(
    'leaves rows unconfirmed after %s',
    (_name, changed, errors, complete) => {
      const verdict = settle(changed, errors, complete);
      expect(verdict.accepted).toBe(0);
      expect(verdict.error).not.toBeNull();
      expect(verdict.results).toHaveLength(4);
    },
  );

  it('takes a completed count that includes the failures as well', () => {
    expect(settle({ failedCount: 1, completedCount: 4 }, [error('a@x.io')]).accepted).toBe(3);
  });
});
