import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AuditRecord } from './audit-record';

export interface StoredAuditEvent extends Omit<AuditRecord, 'auditId' | 'recordedAt'> {
  id: string;
  createdAt: Date;
}

export interface AuditQuery {
  /** The id of what was changed, or of what else it concerns. */
  concerns?: string | undefined;
  action?: string | undefined;
  /** The subject of the actor. */
  actor?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  before?: { createdAt: Date; id: string } | undefined;
  limit: number;
}

/** What was recorded in this service. Rows stay for `AUDIT_DAYS`: the topic forgets after its retention. */
@Injectable()
export class AuditEventStore {
  constructor(private readonly dataSource: DataSource) {}

  async insert(manager: EntityManager, record: AuditRecord): Promise<void> {
    const { auditId, recordedAt, actor, action, aggregate, reason, changes, related } = record;
    await manager.query(
      `INSERT INTO audit_events (id, created_at, actor, action, aggregate, reason, changes, related)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [auditId, recordedAt, ...[actor, action, aggregate, reason, changes, related].map(toColumn)],
    );
  }

  /** Newest first. */
  list({ concerns, action, actor, from, to, before, limit }: AuditQuery): Promise<StoredAuditEvent[]> {
    return this.dataSource.query(
      `SELECT id, created_at AS "createdAt", actor, action, aggregate, reason, changes, related FROM audit_events
       WHERE ($1::text IS NULL OR aggregate ->> 'id' = $1 OR related @> jsonb_build_array(jsonb_build_object('id', $1)))
         AND ($2::text IS NULL OR action = $2) AND ($3::text IS NULL OR actor ->> 'sub' = $3)
         AND ($4::timestamptz IS NULL OR created_at >= $4) AND ($5::timestamptz IS NULL OR created_at < $5)
         AND ($6::timestamptz IS NULL OR (created_at, id) < ($6, $7::uuid))
       ORDER BY created_at DESC, id DESC LIMIT $8`,
      [...[concerns, action, actor, from, to, before?.createdAt, before?.id].map((one) => one ?? null), limit],
    );
  }
}

/** Lists as jsonb: the driver would write them as arrays. */
function toColumn(value: object | string | null): string | null {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}
