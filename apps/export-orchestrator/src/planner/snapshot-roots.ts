import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@courier/kernel';

// Which files a snapshot may be read from. Compared by whole path segments (`/data/exp` is no root of `/data/export-keys`), after
// percent encodings, `..` and links were resolved. Only `file:` in this slice; other URI prefixes among the roots allow nothing.

export class SnapshotRoots {
  private constructor(
    /** Real folders. */
    private readonly folders: readonly string[],
  ) {}

  /** `roots` are absolute or relative folders, or `file:` URIs. A root that does not exist allows nothing. */
  static async of(roots: readonly string[]): Promise<SnapshotRoots> {
    const folders: string[] = [];
    for (const root of roots) {
      const folder = rootFolder(root);
      const { real } = folder === null ? notThere : await lookUp(folder);
      if (real !== null) folders.push(real);
    }
    return new SnapshotRoots(folders);
  }

  /** The real file behind a URI. Errors: `snapshot_outside_roots`, `snapshot_missing`, `snapshot_unreadable`; `what` names it in their texts. */
  async resolve(uri: string, what: string): Promise<string> {
    const file = filePath(uri);
    if (file === null) throw outside(what);
    const { real, forbidden } = await lookUp(file);
    if (!this.contains(real ?? (await realAncestor(file)))) throw outside(what);
    if (real !== null) return real;
    if (forbidden) throw new AppError('snapshot_unreadable', `${what} lies in a folder that this service may not enter`);
    throw new AppError('snapshot_missing', `${what} does not exist`);
  }

  private contains(real: string): boolean {
    return this.folders.some((folder) => isInside(folder, real));
  }
}

export function isInside(folder: string, file: string): boolean {
  const way = relative(folder, file);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function rootFolder(root: string): string | null {
  if (/^[A-Za-z][A-Za-z0-9+.-]+:/.test(root)) return filePath(root);
  return resolve(root);
}

/** The path of a local `file:` URI; null for anything else. The URL parser resolves `..` in all its encodings. */
function filePath(uri: string): string | null {
  try {
    const url = new URL(uri);
    if (url.protocol !== 'file:' || (url.hostname !== '' && url.hostname !== 'localhost')) return null;
    if (url.search !== '' || url.hash !== '') return null;
    const path = fileURLToPath(new URL(`file://${url.pathname}`));
    return path.includes('\0') ? null : resolve(path);
  } catch {
    // Not a URI, or one with an encoded slash: it names no file that may be read.
    return null;
  }
}

interface Found {
  /** Null where nothing is found. */
  real: string | null;
  /** A folder on the way may not be entered. */
  forbidden: boolean;
}

const notThere: Found = { real: null, forbidden: false };
const forbidden: Found = { real: null, forbidden: true };

async function lookUp(file: string): Promise<Found> {
  try {
    return { real: await realpath(file), forbidden: false };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EACCES' || code === 'EPERM') return forbidden;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENAMETOOLONG') return notThere;
    throw error;
  }
}

/** Where a file that does not exist would lie: its nearest existing folder with links resolved, and the rest as it is. */
async function realAncestor(file: string): Promise<string> {
  let folder = file;
  while (folder !== parse(folder).root) {
    folder = dirname(folder);
    const { real } = await lookUp(folder);
    if (real !== null) return join(real, relative(folder, file));
  }
  return file;
}

function outside(what: string): AppError {
  return new AppError('snapshot_outside_roots', `${what} does not lie in an allowed snapshot root`);
}
