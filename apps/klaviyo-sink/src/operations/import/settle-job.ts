import { type ImportError, type ImportJob } from '../../klaviyo';
import { linesOf, type LineRange, type OutcomeError, type RowResult } from '../../deliveries';

export interface JobVerdict {
  results: RowResult[];
  accepted: number;
  error: OutcomeError | null;
}

export interface FinishedJob {
  job: ImportJob;
  errors: readonly ImportError[];
  /** False when the error list could not be read to its end. */
  errorsComplete: boolean;
}

/**
 * What a finished job says about each of its rows. A 202 proved nothing: only the job's own counts and its error list do, and a failure
 * that cannot be pinned to a row makes every row that is left unconfirmed.
 */
export function settleJob(
  finished: FinishedJob,
  ranges: readonly LineRange[],
  identifierAt: (line: number) => string,
): JobVerdict {
  const lines = [...linesOf(ranges)];
  const byEmail = new Map(finished.errors.map((error) => [error.email, error]));
  const results: RowResult[] = [];
  const rest: number[] = [];
  for (const line of lines) {
    const error = byEmail.get(identifierAt(line));
    if (error === undefined) rest.push(line);
    else results.push({ line, status: 'rejected', code: error.code, detail: error.detail });
  }
  const doubt = doubtAbout(finished, lines.length, results.length);
  if (doubt === null) return { results, accepted: rest.length, error: null };
  for (const line of rest) results.push({ line, status: 'unconfirmed', ...doubt });
  return { results, accepted: 0, error: rest.length === 0 ? null : doubt };
}

function doubtAbout({ job, errors, errorsComplete }: FinishedJob, rows: number, matched: number): OutcomeError | null {
  if (job.status !== 'complete') return { code: 'job_cancelled', detail: 'Klaviyo cancelled the import job.' };
  if (job.totalCount !== rows)
    return { code: 'job_count_mismatch', detail: 'The import job holds another number of profiles than was sent.' };
  const failed = Math.max(job.failedCount ?? errors.length, matched);
  const unmatched = errors.some((error) => error.email === null);
  if (!errorsComplete || matched < failed || unmatched) {
    return { code: 'failure_unmatched', detail: 'The import job reports failures that name no profile of the batch.' };
  }
  if (job.completedCount !== null && job.completedCount + failed < rows) {
    return { code: 'job_incomplete', detail: 'The import job completed fewer profiles than it holds.' };
  }
  return null;
}

/** Needs a reading of the error list? An absent count is no proof of zero failures. */
export function mayHaveFailures(job: ImportJob): boolean {
  return job.failedCount !== 0;
}
