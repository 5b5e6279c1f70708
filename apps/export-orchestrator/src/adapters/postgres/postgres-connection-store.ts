import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { KnownConnection } from '../../domain/export';
import { ConnectionStore } from '../../ports/connection-store';

interface Row {
  id: string;
  version: number;
  state: KnownConnection['state'];
  display_name: string;
  access: KnownConnection['access'];
  profile_limit: number;
  account_id: string | null;
}

@Injectable()
export class PostgresConnectionStore extends ConnectionStore {
  async find(manager: EntityManager, id: string): Promise<KnownConnection | null> {
    const rows: Row[] = await manager.query('SELECT * FROM known_connections WHERE id = $1', [id]);
    return rows[0] === undefined ? null : toConnection(rows[0]);
  }

  async findForShare(manager: EntityManager, id: string): Promise<KnownConnection | null> {
    const rows: Row[] = await manager.query('SELECT * FROM known_connections WHERE id = $1 FOR SHARE', [id]);
    return rows[0] === undefined ? null : toConnection(rows[0]);
  }

  async apply(manager: EntityManager, connection: KnownConnection): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `INSERT INTO known_connections AS known (id, version, state, display_name, access, profile_limit, account_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state, display_name = excluded.display_name,
         access = excluded.access, profile_limit = excluded.profile_limit, account_id = excluded.account_id
       WHERE known.version < excluded.version
       RETURNING id`,
      [
        connection.id,
        connection.version,
        connection.state,
        connection.displayName,
        connection.access,
        connection.profileLimit,
        connection.accountId,
      ],
    );
    return rows.length === 1;
  }
}

function toConnection(row: Row): KnownConnection {
  return {
    id: row.id,
    version: row.version,
    state: row.state,
    displayName: row.display_name,
    access: row.access,
    profileLimit: row.profile_limit,
    accountId: row.account_id,
  };
}
