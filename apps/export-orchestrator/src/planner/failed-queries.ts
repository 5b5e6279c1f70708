import { AppError } from '@courier/kernel';
import type { VerifiedPart } from './fetch-snapshots';
import type { LockedDuckDb } from './locked-duckdb';

export interface Reading {
  /** SQL of a source (`read_csv(…)`) that holds what the failed query read. */
  source: string;
  parts: readonly VerifiedPart[];
}

/**
 * What to throw where a query over a part failed: `snapshot_unreadable` where reading its columns, and nothing else, fails too.
 * Otherwise our query was at fault, and no file is blamed for it: the failure as it is.
 */
export async function causeOf(error: unknown, database: LockedDuckDb, { source, parts }: Reading): Promise<unknown> {
  if (!isQueryFailure(error)) return error;
  try {
    // A count alone would be taken from a file's own statistics.
    await database.read('read a part alone', `SELECT bit_xor(hash(COLUMNS(*))) FROM ${source}`);
    return error;
  } catch (again) {
    return isQueryFailure(again) ? unreadablePart(parts) : again;
  }
}

const isQueryFailure = (error: unknown): boolean => error instanceof AppError && error.code === 'planner_query_failed';

export function unreadablePart(parts: readonly VerifiedPart[]): AppError {
  const names = [...new Set([parts[0]?.name, parts.at(-1)?.name])].join(' to ');
  const detail = `A part of segment ${parts[0]?.segmentId} cannot be read in its format (${names})`;
  return new AppError('snapshot_unreadable', detail);
}
