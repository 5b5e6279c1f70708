import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { KnownExport } from './known-export';

/** The exports that this service has heard of. */
@Injectable()
export class ExportsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Only a higher version replaces what is known; false when this one is old. */
  async apply(manager: EntityManager, { id, version, name, connectionId, removed }: KnownExport): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `INSERT INTO known_exports AS known (id, version, name, connection_id, removed) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (id) DO UPDATE SET version = excluded.version, name = excluded.name, connection_id = excluded.connection_id,
         removed = excluded.removed
       WHERE known.version < excluded.version
       RETURNING id`,
      [id, version, name, connectionId, removed],
    );
    return rows.length === 1;
  }

  /** What uses a connection, by name; at most `max`. */
  findUsers(connectionId: string, max: number): Promise<Pick<KnownExport, 'id' | 'name'>[]> {
    return this.dataSource.query(
      'SELECT id, name FROM known_exports WHERE connection_id = $1 AND NOT removed ORDER BY name, id LIMIT $2',
      [connectionId, max],
    );
  }
}
