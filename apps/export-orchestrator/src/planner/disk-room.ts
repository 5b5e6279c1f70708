import { stat, statfs } from 'node:fs/promises';
import type { Snapshot } from '@courier/contracts';
import { AppError } from '@courier/kernel';

// A disk that a plan fills takes everything else on it along. So room is looked for before the first byte is copied; who waits is told
// by name and tried again, as with a full disk of the staging area.

/** An estimate on the safe side: the copy, what DuckDB puts aside, and the batches, where they are staged on the same disk. */
const PLAIN_FACTOR = 4;
/** gzip holds text at a fifth of its size, or less. */
const PACKED_FACTOR = 20;
/**
 * A Parquet file is copied as it is; what else is written is the text of the mapped columns, of which nobody knows the share. It is
 * taken for this much a row, what DuckDB puts aside and the batches included: a profile is seldom a quarter of it.
 */
const ROW_BYTES = 4096;
/** For what others write meanwhile. */
const RESERVE_BYTES = 64 * 1024 ** 2;

/** One file that will be copied, by its real path. */
export interface FileToCopy {
  path: string;
  rows: number;
  format: Snapshot['format'];
  compression: Snapshot['compression'];
}

/**
 * Throws AppError `staging_full`, which may pass, where `folder` has no room for a plan of these files. One that is missing counts
 * nothing: whoever opens it says so.
 */
export async function assertRoom(folder: string, files: readonly FileToCopy[]): Promise<void> {
  let neededBytes = RESERVE_BYTES;
  for (const file of files) {
    const { size } = await stat(file.path).catch(() => ({ size: 0 }));
    neededBytes += neededFor(file, size);
  }
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes) return;
  const detail = `The planner's disk has ${megabytes(freeBytes)} MB free, and the plan may need ${megabytes(neededBytes)} MB`;
  throw noRoom(detail);
}

function neededFor({ rows, format, compression }: FileToCopy, size: number): number {
  if (compression === 'gzip') return size * PACKED_FACTOR;
  if (format !== 'parquet') return size * PLAIN_FACTOR;
  // Many rows in a small file are alike, and no more text than packed text would be.
  return Math.min(size + rows * ROW_BYTES, size * PACKED_FACTOR);
}

/** The same failure, where the disk was filled by others after the look. */
export function noRoom(detail: string): AppError {
  return new AppError('staging_full', detail, { retryable: true });
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1_000_000);
}
