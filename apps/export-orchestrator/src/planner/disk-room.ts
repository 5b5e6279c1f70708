import { stat, statfs } from 'node:fs/promises';
import type { Snapshot } from '@courier/contracts';
import { AppError } from '@courier/kernel';

// A disk that a plan fills takes everything else on it along. So room is looked for before the first byte is copied; who waits is told
// by name and tried again, as with a full disk of the staging area.

/** An estimate on the safe side: the copy, what DuckDB puts aside, and the batches, where they are staged on the same disk. */
const PLAIN_FACTOR = 4;
/** gzip and Parquet hold text at a fifth of its size, or less. */
const PACKED_FACTOR = 20;
/** For what others write meanwhile. */
const RESERVE_BYTES = 64 * 1024 ** 2;

/** One file that will be copied, by its real path. */
export interface FileToCopy {
  path: string;
  format: Snapshot['format'];
  compression: Snapshot['compression'];
}

/**
 * Throws AppError `staging_full`, which may pass, where `folder` has no room for a plan of these files. One that is missing counts
 * nothing: whoever opens it says so.
 */
export async function assertRoom(folder: string, files: readonly FileToCopy[]): Promise<void> {
  let neededBytes = RESERVE_BYTES;
  for (const { path, format, compression } of files) {
    const isPacked = compression === 'gzip' || format === 'parquet';
    const { size } = await stat(path).catch(() => ({ size: 0 }));
    neededBytes += size * (isPacked ? PACKED_FACTOR : PLAIN_FACTOR);
  }
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes) return;
  const detail = `The planner's disk has ${megabytes(freeBytes)} MB free, and the plan may need ${megabytes(neededBytes)} MB`;
  throw noRoom(detail);
}

/** The same failure, where the disk was filled by others after the look. */
export function noRoom(detail: string): AppError {
  return new AppError('staging_full', detail, { retryable: true });
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1_000_000);
}
