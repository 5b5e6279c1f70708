import type { EntityManager } from 'typeorm';
import type { View } from './access';
import type { Connection } from './connection';

export interface ConnectionPage {
  view: View;
  limit: number;
  /** The last connection of the page before. */
  after: { createdAt: Date; id: string } | null;
}

/** Connections and their announcements. A change and the message about it are one transaction. */
export abstract class ConnectionStore {
  abstract transact<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
  abstract find(id: string): Promise<Connection | null>;
  /** Newest first; up to `limit + 1`, so that the caller knows whether more follow. */
  abstract findPage(page: ConnectionPage): Promise<Connection[]>;
  /** Locks the connection until the transaction ends. */
  abstract findForUpdate(manager: EntityManager, id: string): Promise<Connection | null>;
  /** Ids of all connections, the removed ones included, for publishing them again. */
  abstract findAllIds(manager: EntityManager): Promise<string[]>;
  /** Stores the connection and announces its state on the `connections` topic. */
  abstract insert(manager: EntityManager, connection: Connection): Promise<void>;
  /** As `insert`, for one that findForUpdate gave. */
  abstract update(manager: EntityManager, connection: Connection): Promise<void>;
  /** Announces the state once more, unchanged, for one that findForUpdate gave. */
  abstract announce(manager: EntityManager, connection: Connection): Promise<void>;
}
