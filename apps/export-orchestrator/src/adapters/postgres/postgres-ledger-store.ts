import type { StagedObjectRef } from '@courier/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type LedgerKey, LedgerStore, type LedgerVersion } from '../../ports/ledger-store';

@Injectable()
export class PostgresLedgerStore extends LedgerStore {
  async find(manager: EntityManager, { exportId, accountId, listId }: LedgerKey): Promise<LedgerVersion | null> {
    const rows: LedgerVersion[] = await manager.query(
      'SELECT version, object, people FROM ledgers WHERE export_id = $1 AND account_id = $2 AND list_id = $3',
      [exportId, accountId, listId],
    );
    return rows[0] ?? null;
  }

  async advance(
    manager: EntityManager,
    { exportId, accountId, listId }: LedgerKey,
    move: { seen: number; object: StagedObjectRef; people: number },
  ): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `INSERT INTO ledgers AS ledger (export_id, account_id, list_id, version, object, people)
       SELECT $1, $2, $3, $4::int + 1, $5, $6 WHERE $4::int = 0 OR EXISTS (
         SELECT 1 FROM ledgers WHERE export_id = $1 AND account_id = $2 AND list_id = $3)
       ON CONFLICT (export_id, account_id, list_id) DO UPDATE
         SET version = excluded.version, object = excluded.object, people = excluded.people, updated_at = now()
         WHERE ledger.version = $4
       RETURNING version`,
      [exportId, accountId, listId, move.seen, JSON.stringify(move.object), move.people],
    );
    return rows.length === 1;
  }

  async forget(manager: EntityManager, { exportId, accountId, listId }: LedgerKey): Promise<void> {
    await manager.query('DELETE FROM ledgers WHERE export_id = $1 AND account_id = $2 AND list_id = $3', [
      exportId,
      accountId,
      listId,
    ]);
  }
}
