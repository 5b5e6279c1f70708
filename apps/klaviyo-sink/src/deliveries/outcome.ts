import { AppError } from '@courier/kernel';
import type { OutcomeCounts, OutcomeError } from './row-result';

export const noCounts: OutcomeCounts = { accepted: 0, rejected: 0, unconfirmed: 0, notAttempted: 0 };

export function addCounts(parts: readonly OutcomeCounts[]): OutcomeCounts {
  return parts.reduce(
    (sum, part) => ({
      accepted: sum.accepted + part.accepted,
      rejected: sum.rejected + part.rejected,
      unconfirmed: sum.unconfirmed + part.unconfirmed,
      notAttempted: sum.notAttempted + part.notAttempted,
    }),
    noCounts,
  );
}

export function addReasons(parts: readonly Record<string, number>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const part of parts) for (const [code, rows] of Object.entries(part)) sum[code] = (sum[code] ?? 0) + rows;
  return sum;
}

/** Every row has exactly one fate; anything else is a mistake of ours that must not become a message. */
export function assertAddsUp(counts: OutcomeCounts, rows: number): void {
  const sum = counts.accepted + counts.rejected + counts.unconfirmed + counts.notAttempted;
  if (sum !== rows)
    throw new AppError('outcome_does_not_add_up', `${sum} of ${rows} rows have a fate`, { context: { sum, rows } });
}

/** What an error says about the rows that it struck, when trying again cannot help; any other error is thrown on. */
export function lastingError(error: unknown): OutcomeError {
  if (error instanceof AppError && !error.retryable) return { code: error.code, detail: error.message };
  throw error;
}
