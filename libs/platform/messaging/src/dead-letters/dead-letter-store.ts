import type { Actor } from '@courier/http';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { DeadLetterReason } from '../intake/verdict';
import { MESSAGING_OPTIONS, type MessagingOptions } from '../messaging-options';

export type DeadLetterState = 'open' | 'retried' | 'discarded';

export interface StoredDeadLetter {
  id: string;
  consumer: string;
  topic: string;
  partition: number;
  offset: string;
  epoch: number;
  eventId: string | null;
  eventType: string | null;
  reason: DeadLetterReason;
  detail: string;
  sha256: string;
  bytes: number;
  state: DeadLetterState;
  retries: number;
  createdAt: Date;
  resolvedAt: Date | null;
  resolvedBy: Pick<Actor, 'sub' | 'name'> | null;
  resolution: string | null;
}

export interface DeadLetterQuery {
  state?: DeadLetterState;
  topic?: string;
  before?: { createdAt: Date; id: string };
  limit: number;
}

const COLUMNS = `id, consumer, topic, partition, record_offset::text AS "offset", epoch, event_id AS "eventId", event_type AS "eventType",
  reason, detail, sha256, bytes, state, retries, created_at AS "createdAt", resolved_at AS "resolvedAt", resolved_by AS "resolvedBy",
  resolution`;

/** What this service put aside, and what became of it. */
@Injectable()
export class DeadLetterStore {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(MESSAGING_OPTIONS) private readonly options: MessagingOptions,
  ) {}

  /** Newest first. */
  list({ state, topic, before, limit }: DeadLetterQuery): Promise<StoredDeadLetter[]> {
    return this.dataSource.query(
      `SELECT ${COLUMNS} FROM dead_letters
       WHERE consumer = $1 AND ($2::text IS NULL OR state = $2) AND ($3::text IS NULL OR topic = $3)
         AND ($4::timestamptz IS NULL OR (created_at, id) < ($4, $5::uuid))
       ORDER BY created_at DESC, id DESC LIMIT $6`,
      [this.options.service, state ?? null, topic ?? null, before?.createdAt ?? null, before?.id ?? null, limit],
    );
  }

  async find(id: string): Promise<StoredDeadLetter | null> {
    return this.one(this.dataSource.manager, id, '');
  }

  /** With the row locked until the transaction ends. */
  findForUpdate(manager: EntityManager, id: string): Promise<StoredDeadLetter | null> {
    return this.one(manager, id, 'FOR UPDATE');
  }

  async resolve(
    manager: EntityManager,
    id: string,
    { state, by, reason }: { state: 'retried' | 'discarded'; by: Actor; reason: string },
  ): Promise<void> {
    await manager.query(
      `UPDATE dead_letters SET state = $2, resolved_at = now(), resolved_by = $3, resolution = $4,
         retries = retries + CASE WHEN $2 = 'retried' THEN 1 ELSE 0 END
       WHERE id = $1`,
      [id, state, JSON.stringify({ sub: by.sub, name: by.name }), reason],
    );
  }

  /** A retry that ended as before. */
  async stayOpen(
    manager: EntityManager,
    id: string,
    { reason, detail }: { reason: DeadLetterReason; detail: string },
  ): Promise<void> {
    await manager.query('UPDATE dead_letters SET retries = retries + 1, reason = $2, detail = $3 WHERE id = $1', [
      id,
      reason,
      detail.slice(0, 500),
    ]);
  }

  private async one(manager: EntityManager, id: string, lock: string): Promise<StoredDeadLetter | null> {
    const rows: StoredDeadLetter[] = await manager.query(
      `SELECT ${COLUMNS} FROM dead_letters WHERE id = $1 AND consumer = $2 ${lock}`,
      [id, this.options.service],
    );
    return rows[0] ?? null;
  }
}
