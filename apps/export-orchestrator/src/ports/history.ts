import type { EntityManager } from 'typeorm';

/** What ended so long ago that nobody looks at it any more. Each call removes one piece, the oldest first; returns how many. */
export abstract class History {
  /**
   * Runs with their batches. Not the last run of an export, not the one by which it is known which snapshot of a segment was delivered,
   * not one that an open alert or a run that has not ended refers to.
   */
  abstract removeRuns(manager: EntityManager, before: Date): Promise<number>;
  /** Refreshes and the snapshots that they named. Not what a segment's newest sequence, snapshot or word is known by. */
  abstract removeRefreshes(manager: EntityManager, before: Date): Promise<number>;
}
