import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Leftovers } from '../../ports/leftovers';

@Injectable()
export class PostgresLeftovers extends Leftovers {
  async endedRuns(manager: EntityManager, runIds: readonly string[], before: Date): Promise<Set<string>> {
    const rows: { id: string }[] = await manager.query(
      `SELECT given.id FROM unnest($1::text[]) AS given (id) LEFT JOIN runs ON runs.id::text = given.id
       WHERE runs.id IS NULL OR runs.finished_at < $2`,
      [runIds, before],
    );
    return new Set(rows.map(({ id }) => id));
  }

  async ledgersInUse(manager: EntityManager): Promise<Set<string>> {
    const rows: { path: string }[] = await manager.query(
      `SELECT object ->> 'path' AS path FROM ledgers
       UNION SELECT ledger ->> 'path' FROM runs WHERE finished_at IS NULL AND ledger IS NOT NULL`,
    );
    return new Set(rows.map(({ path }) => path));
  }

  async removeRows(manager: EntityManager, before: Date): Promise<number> {
    // A lease that goes takes its token along: only where nobody will ever take it again.
    const [, leases]: [unknown, number] = await manager.query(
      `DELETE FROM leases USING runs WHERE leases.name = 'run:' || runs.id AND runs.finished_at < $1`,
      [before],
    );
    const [, outcomes]: [unknown, number] = await manager.query('DELETE FROM parked_outcomes WHERE parked_at < $1', [before]);
    return leases + outcomes;
  }
}
