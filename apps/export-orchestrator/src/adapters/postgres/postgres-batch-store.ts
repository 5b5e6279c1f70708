import type { BatchFinishedV1, StagedObjectRef } from '@courier/contracts';
import { Injectable } from '@nestjs/common';
import { type EntityManager, MoreThan } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity';
import type { BatchRecord } from '../../domain/batch';
import type { EndedBatches } from '../../domain/ended-batches';
import { BatchStore, type Silence } from '../../ports/batch-store';
import { BatchEntity } from './batch.entity';

/** $1 now, $2 minutes after the first announcement. Those that another version announced carry no time and are left alone. */
const SILENT = `batches.status = 'announced'
  AND announced_at + $2 * power(2, least(announcements, 16) - 1) * interval '1 minute' <= $1::timestamptz`;
const SILENT_MAX = 100;
/** PostgreSQL takes 65,535 values in a statement, and a batch has some twenty. */
const BATCHES_PER_INSERT = 1_000;

@Injectable()
export class PostgresBatchStore extends BatchStore {
  async insertPlanned(manager: EntityManager, batches: BatchRecord[]): Promise<void> {
    for (let from = 0; from < batches.length; from += BATCHES_PER_INSERT) {
      const some = batches.slice(from, from + BATCHES_PER_INSERT);
      await manager.insert(BatchEntity, some as QueryDeepPartialEntity<BatchEntity>[]);
    }
  }

  async announce(manager: EntityManager, batchId: string, { object, at }: { object: StagedObjectRef; at: Date }): Promise<void> {
    await manager.query(
      `UPDATE batches SET status = 'announced', object = $2, announced_at = $3, announcements = announcements + 1 WHERE id = $1`,
      [batchId, JSON.stringify(object), at],
    );
  }

  findSilent(manager: EntityManager, { now, silenceMin }: Silence): Promise<{ id: string; runId: string }[]> {
    return manager.query(
      `SELECT batches.id, run_id AS "runId" FROM batches JOIN runs ON runs.id = run_id
       WHERE ${SILENT} AND runs.finished_at IS NULL ORDER BY announced_at LIMIT ${SILENT_MAX}`,
      [now, silenceMin],
    );
  }

  async findSilentOne(manager: EntityManager, batchId: string, { now, silenceMin }: Silence): Promise<BatchRecord | null> {
    const rows: unknown[] = await manager.query(`SELECT 1 FROM batches WHERE ${SILENT} AND id = $3`, [now, silenceMin, batchId]);
    return rows.length === 0 ? null : this.find(manager, batchId);
  }

  find(manager: EntityManager, batchId: string): Promise<BatchRecord | null> {
    return manager.findOneBy(BatchEntity, { id: batchId });
  }

  async finish(manager: EntityManager, outcome: BatchFinishedV1): Promise<void> {
    const { counts, rejectedReasons, results, jobIds, attempts, error } = outcome;
    const finished = { status: 'finished' as const, ...counts, rejectedReasons, results, jobIds, attempts, error };
    await manager.update(BatchEntity, { id: outcome.batchId }, finished as QueryDeepPartialEntity<BatchEntity>);
  }

  endPlanned(manager: EntityManager, runId: string): Promise<EndedBatches> {
    return this.end(manager, runId, ['planned']);
  }

  endOpen(manager: EntityManager, runId: string): Promise<EndedBatches> {
    return this.end(manager, runId, ['planned', 'announced']);
  }

  private async end(manager: EntityManager, runId: string, statuses: string[]): Promise<EndedBatches> {
    const [ended]: [{ unconfirmed: number; not_attempted: number }[], number] = await manager.query(
      `UPDATE batches SET status = 'finished',
         unconfirmed = CASE WHEN status = 'announced' THEN rows ELSE 0 END,
         not_attempted = CASE WHEN status = 'planned' THEN rows ELSE 0 END
       WHERE run_id = $1 AND status = ANY($2) RETURNING unconfirmed, not_attempted`,
      [runId, statuses],
    );
    return {
      batches: ended.length,
      unconfirmed: ended.reduce((sum, batch) => sum + batch.unconfirmed, 0),
      notAttempted: ended.reduce((sum, batch) => sum + batch.not_attempted, 0),
    };
  }

  findOfRun(manager: EntityManager, runId: string): Promise<BatchRecord[]> {
    return manager.find(BatchEntity, { where: { runId }, order: { number: 'ASC' } });
  }

  listOfRun(manager: EntityManager, runId: string, { after, limit }: { after: number; limit: number }): Promise<BatchRecord[]> {
    return manager.find(BatchEntity, { where: { runId, number: MoreThan(after) }, order: { number: 'ASC' }, take: limit });
  }

  async parkOutcome(manager: EntityManager, outcome: BatchFinishedV1): Promise<void> {
    await manager.query(
      `INSERT INTO parked_outcomes (batch_id, run_id, outcome) VALUES ($1, $2, $3)
       ON CONFLICT (batch_id) DO UPDATE SET outcome = excluded.outcome, parked_at = now()`,
      [outcome.batchId, outcome.runId, JSON.stringify(outcome)],
    );
  }

  async takeParkedOutcome(manager: EntityManager, batchId: string): Promise<BatchFinishedV1 | null> {
    const [rows]: [{ outcome: BatchFinishedV1 }[], number] = await manager.query(
      'DELETE FROM parked_outcomes WHERE batch_id = $1 RETURNING outcome',
      [batchId],
    );
    return rows[0]?.outcome ?? null;
  }
}
