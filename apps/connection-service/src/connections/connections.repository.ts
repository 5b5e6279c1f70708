import { connectionChangedV1, type ConnectionChangedV1 } from '@courier/contracts';
import { Outbox } from '@courier/messaging';
import { notify, Notifications } from '@courier/persistence';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { mayUse, type View } from './access';
import type { Connection } from './connection';
import { ConnectionEntity, toConnection, toEntity } from './connection.entity';

/** The notification channel inside this service's database. */
const CHANNEL = 'connections_changed';

export interface ConnectionPage {
  view: View;
  limit: number;
  /** The last connection of the page before. */
  after: { createdAt: Date; id: string } | null;
}

/** Connections and their announcements. A change and the message about it are one transaction. */
@Injectable()
export class ConnectionsRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly notifications: Notifications,
  ) {}

  /** Hints that some connection changed. One may be lost, so a listener also looks by itself. Resolves to what ends the listening. */
  listen(listener: () => void): Promise<() => void> {
    return this.notifications.listen(CHANNEL, listener);
  }

  transact<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work);
  }

  async find(id: string): Promise<Connection | null> {
    const found = await this.dataSource.manager.findOneBy(ConnectionEntity, { id });
    return found && toConnection(found);
  }

  /** Null when there is none, or none that this view may know of: the two must look alike. */
  async findVisible(id: string, view: View): Promise<Connection | null> {
    const found = await this.find(id);
    return found !== null && found.state !== 'removed' && mayUse(view, found) ? found : null;
  }

  /** Newest first; up to `limit + 1`, so that the caller knows whether more follow. */
  async findPage({ view, limit, after }: ConnectionPage): Promise<Connection[]> {
    const query = this.dataSource.manager
      .createQueryBuilder(ConnectionEntity, 'connection')
      .where(`connection.state <> 'removed'`)
      .orderBy('connection.createdAt', 'DESC')
      .addOrderBy('connection.id', 'DESC')
      .limit(limit + 1);
    if (view === 'shared') query.andWhere(`connection.access = 'contributors'`);
    if (after !== null) query.andWhere('(connection.created_at, connection.id) < (:createdAt, :id)', after);
    return (await query.getMany()).map(toConnection);
  }

  /** Locks the connection until the transaction ends. */
  async findForUpdate(manager: EntityManager, id: string): Promise<Connection | null> {
    const found = await manager.findOne(ConnectionEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
    return found && toConnection(found);
  }

  /** Ids of all connections, the removed ones included, for publishing them again. */
  async findAllIds(manager: EntityManager): Promise<string[]> {
    const rows = await manager.find(ConnectionEntity, { select: { id: true }, order: { id: 'ASC' } });
    return rows.map(({ id }) => id);
  }

  /** Stores the connection and announces its state on the `connections` topic. */
  async insert(manager: EntityManager, connection: Connection): Promise<void> {
    await manager.insert(ConnectionEntity, toEntity(connection));
    await this.announce(manager, connection);
  }

  /** As `insert`, for one that findForUpdate gave. */
  async update(manager: EntityManager, connection: Connection): Promise<void> {
    await manager.update(ConnectionEntity, { id: connection.id }, toEntity(connection));
    await this.announce(manager, connection);
    await notify(manager, CHANNEL);
  }

  /** Announces the state once more, unchanged, for one that findForUpdate gave. */
  async announce(manager: EntityManager, connection: Connection): Promise<void> {
    await this.outbox.append(manager, connectionChangedV1, toMessage(connection));
  }
}

function toMessage(connection: Connection): ConnectionChangedV1 {
  const { id, version, state, displayName, type, access, profileLimit, exportUser, account, attention } = connection;
  const { credential, verification, exportsOnRemoval, updatedAt } = connection;
  return {
    connectionId: id,
    version,
    state,
    displayName,
    type,
    access,
    profileLimit,
    exportUser,
    account,
    attention,
    credential: state === 'removed' ? null : { version: credential.version, sealed: credential.sealed },
    verification: verification && { id: verification.id, requestedAt: verification.requestedAt.toISOString() },
    ...(exportsOnRemoval === null ? {} : { exports: exportsOnRemoval }),
    changedAt: updatedAt.toISOString(),
  };
}
