import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@courier/kernel';
import type { StagedPath } from './staged-path';

export interface StagedFolder {
  collection: StagedPath['collection'];
  /** The run's or the ledger's id. */
  scope: string;
  /** Version of a ledger; null for a whole run. */
  attempt: string | null;
  modifiedAt: Date;
}

const NAME = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}$/;

/** The folders under the staging root, for whoever sweeps them. Objects are read and written by StagingArea alone. */
export class StagedFolders {
  readonly #root: string;

  constructor(rootUri: string) {
    this.#root = fileURLToPath(new URL(rootUri));
  }

  /** A folder for each run. */
  runs(): AsyncGenerator<StagedFolder> {
    return this.#inside('runs', null);
  }

  /** A folder for each version of each ledger. */
  async *ledgerVersions(): AsyncGenerator<StagedFolder> {
    for await (const { scope } of this.#inside('ledgers', null)) yield* this.#inside('ledgers', scope);
  }

  async remove({ collection, scope, attempt }: StagedFolder): Promise<void> {
    const names = attempt === null ? [scope] : [scope, attempt];
    if (!names.every((name) => NAME.test(name))) throw new AppError('staged_path_invalid', 'A staged folder has no such name');
    await rm(join(this.#root, collection, ...names), { recursive: true, force: true });
  }

  async *#inside(collection: StagedFolder['collection'], scope: string | null): AsyncGenerator<StagedFolder> {
    const folder = scope === null ? join(this.#root, collection) : join(this.#root, collection, scope);
    for (const entry of await entriesOf(folder)) {
      // Somebody may remove it meanwhile.
      const found = await stat(join(folder, entry)).catch(() => null);
      if (found === null) continue;
      const names = scope === null ? { scope: entry, attempt: null } : { scope, attempt: entry };
      yield { collection, ...names, modifiedAt: found.mtime };
    }
  }
}

/** Folders only: a link is nothing of ours. */
async function entriesOf(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && NAME.test(entry.name)).map(({ name }) => name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
