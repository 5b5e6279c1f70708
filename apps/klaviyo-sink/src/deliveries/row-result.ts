/** Why one row was not accepted. `detail` may quote the profile: it is staged encrypted and stored nowhere else. */
export interface RowResult {
  /** 0-based line of the batch. */
  line: number;
  status: 'rejected' | 'unconfirmed' | 'notAttempted';
  code: string;
  detail: string;
}

export interface OutcomeError {
  code: string;
  detail: string;
}

export interface OutcomeCounts {
  accepted: number;
  rejected: number;
  unconfirmed: number;
  notAttempted: number;
}

export function countReasons(results: readonly RowResult[]): Record<string, number> {
  const reasons: Record<string, number> = {};
  for (const { status, code } of results) if (status === 'rejected') reasons[code] = (reasons[code] ?? 0) + 1;
  return reasons;
}
