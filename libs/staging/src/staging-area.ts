import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open as openFile, realpath, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@courier/kernel';
import { stagingLimits } from './limits';
import { open, seal, type Coding } from './sealed-object';
import { parseStagedPath, type StagedPath } from './staged-path';
import type { StagingKey } from './staging-key';

// Write-once: an object appears whole under its name or not at all, and never changes. A writer that comes again with the same
// content (it died between writing and telling) gets the existing object back; other content is refused.

/** Same shape as the contract's StagedObjectRef: what a message says about a staged object. */
export interface StagedObjectRef {
  /** Path below the staging root, such as `runs/<run>/1/batch-000001`. */
  path: string;
  /** Hex SHA-256 of the stored (encrypted) bytes. */
  sha256: string;
  /** Stored bytes. */
  bytes: number;
}

export interface WriteOptions {
  /** `none` for content that is compressed already; `zstd` unless told. */
  coding?: Coding;
}

export interface ReadOptions {
  /** Bytes after decompression; more is refused with `staged_object_too_large`. */
  contentBytesMax?: number;
}

export class StagingArea {
  readonly #root: string;
  readonly #key: StagingKey;

  /** `rootUri` is a `file:` URI of a folder; it is created when the first object is written. */
  constructor(rootUri: string, key: StagingKey) {
    this.#root = rootFolder(rootUri);
    this.#key = key;
  }

  /**
   * Stores the content encrypted under `path`. Errors: `staged_object_exists`, `staged_object_too_large`, `staged_path_*`, and
   * `staging_full`, which may pass.
   */
  async write(path: string, content: Buffer, options: WriteOptions = {}): Promise<StagedObjectRef> {
    const place = parseStagedPath(path);
    if (content.length > stagingLimits.contentBytesMax) throw tooLarge(path, content.length);
    const stored = await seal(content, place, this.#key, options.coding ?? 'zstd');
    if (stored.length > stagingLimits.storedBytesMax) throw tooLarge(path, stored.length);
    const file = join(this.#root, ...path.split('/'));
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await this.#assertInside(dirname(file), path);
      if (await placeOnce(file, stored)) return reference(path, stored);
    } catch (error) {
      throw writeFailure(error, path);
    }
    return this.#existing(place, path, content);
  }

  /** The content behind a reference, after size, digest and authenticity were checked. */
  async read(ref: StagedObjectRef, options: ReadOptions = {}): Promise<Buffer> {
    const place = parseStagedPath(ref.path);
    if (ref.bytes > stagingLimits.storedBytesMax) throw tooLarge(ref.path, ref.bytes);
    const stored = await this.#readStored(ref.path);
    const found = reference(ref.path, stored);
    if (found.bytes !== ref.bytes || found.sha256 !== ref.sha256.toLowerCase()) {
      throw new AppError('staged_object_damaged', 'A staged object differs from its reference', {
        context: { path: ref.path, expectedBytes: ref.bytes, foundBytes: found.bytes },
      });
    }
    return open(stored, place, this.#key, options.contentBytesMax ?? stagingLimits.contentBytesMax);
  }

  /** Whether there is an object under this path. */
  async has(path: string): Promise<boolean> {
    parseStagedPath(path);
    return exists(join(this.#root, ...path.split('/')));
  }

  async #existing(place: StagedPath, path: string, content: Buffer): Promise<StagedObjectRef> {
    const stored = await this.#readStored(path);
    const present = await open(stored, place, this.#key, stagingLimits.contentBytesMax);
    if (!present.equals(content)) {
      throw new AppError('staged_object_exists', 'Another content is already staged under this name', { context: { path } });
    }
    return reference(path, stored);
  }

  async #readStored(path: string): Promise<Buffer> {
    const file = join(this.#root, ...path.split('/'));
    let handle: FileHandle;
    try {
      await this.#assertInside(dirname(file), path);
      // A link in the last place is refused by the flag, links before it by the comparison of real paths.
      handle = await openFile(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (cause) {
      throw readFailure(cause, path);
    }
    try {
      const { size } = await handle.stat();
      if (size > stagingLimits.storedBytesMax) throw tooLarge(path, size);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  }

  async #assertInside(folder: string, path: string): Promise<void> {
    const way = relative(await realpath(this.#root), await realpath(folder));
    if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) {
      throw new AppError('staged_path_escapes', 'A staged path leads out of the staging root', { context: { path } });
    }
  }
}

function rootFolder(rootUri: string): string {
  try {
    return fileURLToPath(new URL(rootUri));
  } catch (cause) {
    throw new AppError('staging_uri_unsupported', 'STAGING_URI must be a file: URI of a folder', { cause });
  }
}

/** True when `file` now holds `stored`; false when something is already there. */
async function placeOnce(file: string, stored: Buffer): Promise<boolean> {
  const temporary = join(dirname(file), `.${randomUUID()}.tmp`);
  try {
    const handle = await openFile(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(stored);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const placed = await linkOrRename(temporary, file);
    if (placed) await syncFolder(dirname(file));
    return placed;
  } finally {
    await unlink(temporary).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** A link, unlike a rename, never replaces what is there; some network file systems have no links, there a check must do. */
async function linkOrRename(temporary: string, file: string): Promise<boolean> {
  try {
    await link(temporary, file);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'EEXIST') return false;
    if (!withoutLinks.has(code)) throw error;
  }
  if (await exists(file)) return false;
  await rename(temporary, file);
  return true;
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Makes the new name itself durable. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await openFile(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function reference(path: string, stored: Buffer): StagedObjectRef {
  return { path, sha256: createHash('sha256').update(stored).digest('hex'), bytes: stored.length };
}

const noRoom = new Set(['ENOSPC', 'EDQUOT']);

function writeFailure(cause: unknown, path: string): unknown {
  if (!noRoom.has((cause as NodeJS.ErrnoException).code ?? '')) return cause;
  const what = 'There is no room under STAGING_URI; what needs it is tried again until there is';
  return new AppError('staging_full', what, { cause, retryable: true, context: { path } });
}

function readFailure(cause: unknown, path: string): unknown {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new AppError('staged_object_missing', 'A staged object is not there (any more)', { cause, context: { path } });
  }
  if (code === 'ELOOP') return new AppError('staged_path_escapes', 'A staged path is a link', { cause, context: { path } });
  return cause;
}

function tooLarge(path: string, bytes: number): AppError {
  return new AppError('staged_object_too_large', 'A staged object is larger than its kind may be', { context: { path, bytes } });
}
