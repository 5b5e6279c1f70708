import type { InvalidEntry } from '../../klaviyo';
import { bisect, countLines, lineAt, withoutLines, type LineRange, type OutcomeError, type RowResult } from '../../deliveries';

/** How often rows named by Klaviyo are stripped from one line of submissions before it is bisected instead. */
export const STRIP_ROUNDS_MAX = 12;

export type RefusedImport =
  /** Send what is left after the named rows were rejected. */
  | { kind: 'strip'; results: RowResult[]; rest: LineRange[] }
  /** No row was named: find the bad ones by halving. */
  | { kind: 'bisect'; halves: [LineRange[], LineRange[]] }
  /** One row is left and Klaviyo does not want it. */
  | { kind: 'reject'; results: RowResult[] }
  /** Enough calls were refused; the rows are sent again with the next run. */
  | { kind: 'give_up'; error: OutcomeError };

export interface RefusedSubmission {
  ranges: readonly LineRange[];
  /** Strips and halvings that led here. */
  rounds: number;
  /** Refused calls that the delivery may still spend. */
  refusalsLeft: number;
}

const ROW_POINTER = /^\/?data\/attributes\/profiles\/data\/(\d+)(?:\/|$)/;
const LIST_POINTER = /^\/?data\/relationships\/lists?(?:\/|$)/;

export function namesList(entries: readonly InvalidEntry[]): boolean {
  return entries.some((entry) => entry.pointer !== null && LIST_POINTER.test(entry.pointer));
}

/** What to do with an import call that Klaviyo answered 400, 409, 413 or 422: it took none of the rows. */
export function handleRefusedImport(entries: readonly InvalidEntry[], submission: RefusedSubmission): RefusedImport {
  const results = namedRows(entries, submission.ranges);
  const rows = countLines(submission.ranges);
  if (results.length > 0 && (submission.rounds < STRIP_ROUNDS_MAX || results.length === rows)) {
    const rest = withoutLines(submission.ranges, new Set(results.map(({ line }) => line)));
    return { kind: 'strip', results, rest };
  }
  const [only] = submission.ranges;
  if (rows === 1 && only !== undefined) {
    const entry = entries[0];
    const reason = { code: entry?.code ?? 'invalid', detail: entry?.detail ?? 'Klaviyo refused the profile without a reason.' };
    return { kind: 'reject', results: [{ line: only[0], status: 'rejected', ...reason }] };
  }
  // Named rows cost one call at most and a single one none, so only the search for unnamed ones has a limit.
  if (submission.refusalsLeft <= 0) {
    return {
      kind: 'give_up',
      error: { code: 'batch_refused', detail: 'Klaviyo refuses the batch and its bad rows were not found in time.' },
    };
  }
  return { kind: 'bisect', halves: bisect(submission.ranges) };
}

function namedRows(entries: readonly InvalidEntry[], ranges: readonly LineRange[]): RowResult[] {
  const byLine = new Map<number, RowResult>();
  for (const { pointer, code, detail } of entries) {
    const position = pointer === null ? undefined : ROW_POINTER.exec(pointer)?.[1];
    const line = position === undefined ? undefined : lineAt(ranges, Number(position));
    if (line !== undefined && !byLine.has(line)) byLine.set(line, { line, status: 'rejected', code, detail });
  }
  return [...byLine.values()];
}
