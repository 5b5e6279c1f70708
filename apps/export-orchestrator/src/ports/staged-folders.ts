import type { StagedFolder } from '../domain/sweep';

/** The staging area as its sweeper sees it: names and ages, no contents. */
export abstract class StagedFolders {
  abstract runs(): AsyncIterable<StagedFolder>;
  abstract ledgerVersions(): AsyncIterable<StagedFolder>;
  abstract remove(folder: StagedFolder): Promise<void>;
}
