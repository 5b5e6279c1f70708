import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import type { SnapshotPartition } from '@courier/contracts';
import { AppError } from '@courier/kernel';

const CHUNK_BYTES = 4 * 1024 * 1024;

export interface StoredPart {
  /** Real file, inside a root. */
  source: string;
  partition: SnapshotPartition;
  /** Names the part in a failure's detail. */
  what: string;
}

/**
 * The bytes of a part as it is stored. What is hashed is what the reader gets; at the end size and digest have been compared.
 * Errors: `snapshot_missing`, `snapshot_unreadable`, `snapshot_size_mismatch`, `snapshot_digest_mismatch`.
 */
export async function* storedBytes(part: StoredPart, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  const { partition, what } = part;
  const reader = await openRegular(part);
  const digest = createHash('sha256');
  // What is larger than announced is not read to its end: it could fill the disk.
  const bytesMax = partition.bytes ?? Number.MAX_SAFE_INTEGER;
  let bytes = 0;
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const { bytesRead } = await reader.read(chunk, 0, CHUNK_BYTES);
      if (bytesRead === 0) break;
      const read = chunk.subarray(0, bytesRead);
      digest.update(read);
      bytes += bytesRead;
      if (bytes > bytesMax)
        throw new AppError('snapshot_size_mismatch', `${what} has more than the ${bytesMax} bytes that the event says`);
      onBytes(bytesRead);
      yield read;
    }
  } finally {
    await reader.close();
  }
  if (partition.bytes !== undefined && partition.bytes !== bytes) {
    throw new AppError('snapshot_size_mismatch', `${what} has ${bytes} bytes, the event says ${partition.bytes}`);
  }
  if (partition.sha256 !== undefined && partition.sha256.toLowerCase() !== digest.digest('hex')) {
    throw new AppError('snapshot_digest_mismatch', `The SHA-256 of ${what} differs from the event's`);
  }
}

/**
 * The resolved file must still be the one that is opened: no link in its place, no device, no pipe that would hold the planner for
 * ever, no other file. Errors: `snapshot_missing`, `snapshot_unreadable`.
 */
export async function openRegular({ source, what }: Pick<StoredPart, 'source' | 'what'>): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    handle = await open(source, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? new AppError('snapshot_missing', `${what} does not exist`)
      : new AppError('snapshot_unreadable', `${what} cannot be opened`);
  }
  const [opened, named] = await Promise.all([handle.stat(), stat(source)]);
  if (!opened.isFile() || opened.ino !== named.ino || opened.dev !== named.dev) {
    await handle.close();
    throw new AppError('snapshot_unreadable', `${what} is not a regular file`);
  }
  return handle;
}
