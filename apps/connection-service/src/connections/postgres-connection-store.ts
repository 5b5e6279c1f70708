import { connectionChangedV1, type ConnectionChangedV1 } from '@courier/contracts';
import { Outbox } from '@courier/messaging';
import { notify } from '@courier/persistence';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Connection } from './connection';
import { type ConnectionPage, ConnectionStore } from './connection-store';
import { CONNECTIONS_CHANNEL } from './channels';
import { ConnectionEntity, toConnection, toEntity } from './connection.entity';

@Injectable()
export class PostgresConnectionStore extends ConnectionStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
  ) {
    super();
  }

  transact<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work);
  }

  async find(id: string): Promise<Connection | null> {
    const found = await this.dataSource.manager.findOneBy(ConnectionEntity, { id });
    return found && toConnection(found);
  }

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

  async findForUpdate(manager: EntityManager, id: string): Promise<Connection | null> {
    const found = await manager.findOne(ConnectionEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
    return found && toConnection(found);
  }

  async findAllIds(manager: EntityManager): Promise<string[]> {
    const rows = await manager.find(ConnectionEntity, { select: { id: true }, order: { id: 'ASC' } });
    return rows.map(({ id }) => id);
  }

  async insert(manager: EntityManager, connection: Connection): Promise<void> {
    await manager.insert(ConnectionEntity, toEntity(connection));
    await this.announce(manager, connection);
  }

  async update(manager: EntityManager, connection: Connection): Promise<void> {
    await manager.update(ConnectionEntity, { id: connection.id }, toEntity(connection));
    await this.announce(manager, connection);
    await notify(manager, CONNECTIONS_CHANNEL);
  }

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
