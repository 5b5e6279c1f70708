import type { EntityManager } from 'typeorm';

/** What runs leave behind, and who still needs it. */
export abstract class Leftovers {
  /** Which of these runs ended before the time, or are not known at all. */
  abstract endedRuns(manager: EntityManager, runIds: readonly string[], before: Date): Promise<Set<string>>;
  /** Staged paths of the ledger versions that are current or that an open run was planned with. */
  abstract ledgersInUse(manager: EntityManager): Promise<Set<string>>;
  /** Removes the leases of runs that ended before the time, and outcomes that waited for a run which never came; returns the rows. */
  abstract removeRows(manager: EntityManager, before: Date): Promise<number>;
}
