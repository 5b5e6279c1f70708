import type { StagedObjectRef } from '@courier/staging';
import { noCounts } from './outcome';
import { countReasons, type OutcomeError, type RowResult } from './row-result';
import type { SubmissionEnd } from './submission';

/** All rows share one fate, so no results need staging: the delivery's end writes them from the line ranges. */
export function allRows(rows: number, status: 'unconfirmed' | 'notAttempted', error: OutcomeError): SubmissionEnd {
  return { counts: { ...noCounts, [status]: rows }, reasons: {}, results: null, error };
}

export function endFrom(results: readonly RowResult[], staged: StagedObjectRef | null, accepted: number): SubmissionEnd {
  const count = (status: RowResult['status']) => results.filter((result) => result.status === status).length;
  return {
    counts: { accepted, rejected: count('rejected'), unconfirmed: count('unconfirmed'), notAttempted: count('notAttempted') },
    reasons: countReasons(results),
    results: staged,
    error: null,
  };
}
