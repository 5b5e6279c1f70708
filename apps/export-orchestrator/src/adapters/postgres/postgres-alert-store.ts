import type { RunReason } from '@courier/contracts';
import { newId } from '@courier/kernel';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AlertKind } from '../../domain/alerts';
import { AlertStore, type OpenAlert } from '../../ports/alert-store';

@Injectable()
export class PostgresAlertStore extends AlertStore {
  async open(manager: EntityManager, subjectId: string, kind: AlertKind, reason: RunReason): Promise<OpenAlert | null> {
    const rows: OpenAlert[] = await manager.query(
      `INSERT INTO alerts (id, subject_id, kind, reason) VALUES ($1, $2, $3, $4)
       ON CONFLICT (subject_id, kind) DO UPDATE SET reason = excluded.reason
       WHERE alerts.reason ->> 'code' <> excluded.reason ->> 'code' RETURNING id, reason`,
      [newId(), subjectId, kind, JSON.stringify(reason)],
    );
    return rows[0] ?? null;
  }

  async close(manager: EntityManager, subjectId: string, kind: AlertKind): Promise<OpenAlert | null> {
    const [rows]: [OpenAlert[], number] = await manager.query(
      'DELETE FROM alerts WHERE subject_id = $1 AND kind = $2 RETURNING id, reason',
      [subjectId, kind],
    );
    return rows[0] ?? null;
  }
}
