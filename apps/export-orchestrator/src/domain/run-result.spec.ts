import { describe, expect, it } from '@jest/globals';
import { noCounts } from './run';
import { runReason } from './run-reasons';
import { resultOf } from './run-result';

const counts = (changes: Partial<typeof noCounts>) => ({ ...noCounts, ...changes });

describe('resultOf', () => {
  it('succeeds when everybody was accepted', () => {
    expect(resultOf(counts({ snapshotRows: 3, duplicates: 1, toAdd: 2, accepted: 2 }), null)).toEqual({
      status: 'succeeded',
      reason: null,
    });
  });

  it.each([
    ['an invalid row', { snapshotRows: 2, invalid: 1, toAdd: 1, accepted: 1 }],
    ['a rejected person', { snapshotRows: 2, toAdd: 2, accepted: 1, rejected: 1 }],
    ['an unconfirmed person', { snapshotRows: 2, toAdd: 2, accepted: 1, unconfirmed: 1 }],
  ])('completes with errors after %s', (_, changes) => {
    expect(resultOf(counts(changes), null).status).toBe('completed_with_errors');
  });

  it('fails when something was attempted and nothing accepted', () => {
    const result = resultOf(counts({ snapshotRows: 2, toAdd: 2, rejected: 1, unconfirmed: 1 }), null);
    expect(result).toMatchObject({ status: 'failed', reason: { code: 'nothing_accepted' } });
  });

  it('fails when there are rows and none is valid', () => {
    expect(resultOf(counts({ snapshotRows: 2, invalid: 2 }), null)).toMatchObject({
      status: 'failed',
      reason: { code: 'nothing_accepted' },
    });
  });

  it('tells an empty snapshot from one with nobody to send', () => {
    expect(resultOf(counts({}), null)).toMatchObject({ status: 'succeeded', reason: { code: 'empty_snapshot' } });
    expect(resultOf(counts({ snapshotRows: 2, unchanged: 2 }), null)).toMatchObject({
      status: 'succeeded',
      reason: { code: 'nothing_to_do' },
    });
  });

  it('fails for the reason for which the run was stopped, whatever was accepted before', () => {
    const stopped = runReason('list_not_found', 'the list is gone');
    expect(resultOf(counts({ snapshotRows: 2, toAdd: 2, accepted: 1, notAttempted: 1 }), stopped)).toEqual({
      status: 'failed',
      reason: stopped,
    });
  });

  it.each([
    ['rows', { snapshotRows: 3, toAdd: 2, accepted: 2 }],
    ['outcomes', { snapshotRows: 2, toAdd: 2, accepted: 1 }],
  ])('gives no run an end while its %s do not add up', (_, changes) => {
    expect(() => resultOf(counts(changes), null)).toThrow(expect.objectContaining({ code: 'counts_disagree' }));
  });
});
