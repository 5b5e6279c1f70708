import type { EntityManager } from 'typeorm';
import type { Connection } from '../connections/connection';
import { mayUse } from '../connections/access';
import { type ConnectionPage, ConnectionStore } from '../connections/connection-store';

/** A store in memory; nothing in it looks at the manager. */
export class FakeConnectionStore extends ConnectionStore {
  readonly connections = new Map<string, Connection>();
  /** Every state that was announced, in order. */
  readonly announced: Connection[] = [];
  onChange: () => void = () => undefined;

  transact<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return work(fakeManager);
  }

  find(id: string): Promise<Connection | null> {
    return Promise.resolve(this.connections.get(id) ?? null);
  }

  findPage({ view, limit }: ConnectionPage): Promise<Connection[]> {
    const found = [...this.connections.values()].filter((connection) => mayUse(view, connection));
    return Promise.resolve(found.toReversed().slice(0, limit + 1));
  }

  findForUpdate(_manager: EntityManager, id: string): Promise<Connection | null> {
    return this.find(id);
  }

  findAllIds(): Promise<string[]> {
    return Promise.resolve([...this.connections.keys()]);
  }

  insert(manager: EntityManager, connection: Connection): Promise<void> {
    return this.update(manager, connection);
  }

  update(manager: EntityManager, connection: Connection): Promise<void> {
    this.connections.set(connection.id, connection);
    this.onChange();
    return this.announce(manager, connection);
  }

  announce(_manager: EntityManager, connection: Connection): Promise<void> {
    this.announced.push(connection);
    return Promise.resolve();
  }
}

export const fakeManager = {} as EntityManager;
