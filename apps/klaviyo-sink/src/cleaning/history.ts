import type { EntityManager } from 'typeorm';

/** What ended so long ago that no topic can ask for it again. Each call removes one piece; returns how many. */
export abstract class History {
  /** Deliveries that have ended, with what was sent for them. */
  abstract removeDeliveries(manager: EntityManager, before: Date): Promise<number>;
  /** Runs, and replays of runs, of which no delivery is left. */
  abstract removeRuns(manager: EntityManager, before: Date): Promise<number>;
}
