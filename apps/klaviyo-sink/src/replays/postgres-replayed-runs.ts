import { resentRunId } from '@courier/contracts';
import { notify } from '@courier/persistence';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type BatchStanding, type ReplayedBatch, type ReplayedRun, ReplayedRuns } from './replayed-runs';
import { DELIVERIES_CHANNEL } from '../channels';
import { select, update } from '../sql';

@Injectable()
export class PostgresReplayedRuns extends ReplayedRuns {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  /** One that joins late (a dead letter that was retried) makes its run be told again. */
  async add(manager: EntityManager, { runId, exportId, epoch, unfinishedOnly, rows }: ReplayedBatch): Promise<void> {
    await manager.query(
      `INSERT INTO replayed_runs AS known (id, run_id, export_id, epoch, unfinished_only, batches, rows) VALUES ($1, $2, $3, $4, $5, 1, $6)
       ON CONFLICT (run_id, epoch) DO UPDATE SET batches = known.batches + 1, rows = known.rows + excluded.rows, told_at = NULL`,
      [resentRunId(runId, epoch), runId, exportId, epoch, unfinishedOnly, rows],
    );
  }

  async stop(manager: EntityManager, epoch: number, reason: string): Promise<void> {
    await manager.query('UPDATE replayed_runs SET stop_reason = coalesce(stop_reason, $2) WHERE epoch = $1', [epoch, reason]);
    await notify(manager, DELIVERIES_CHANNEL);
  }

  async findUntoldEpochs(): Promise<number[]> {
    const sql = 'SELECT DISTINCT epoch FROM replayed_runs WHERE told_at IS NULL ORDER BY epoch';
    return (await select<{ epoch: number }>(this.dataSource.manager, sql)).map(({ epoch }) => epoch);
  }

  async standings(manager: EntityManager, batchIds: string[]): Promise<BatchStanding[]> {
    const newer = `SELECT 1 FROM runs newer WHERE newer.export_id = r.export_id AND newer.list_id = r.list_id AND newer.sequence > r.sequence`;
    return select<BatchStanding>(
      manager,
      `SELECT DISTINCT ON (d.batch_id) d.batch_id AS "batchId", d.calls, d.outcome,
         r.stop_reason IS NOT DISTINCT FROM 'canceled' OR coalesce(c.removed, false) AS stopped,
         EXISTS (${newer} AND newer.kind = 'full') AS superseded, EXISTS (${newer}) AS "takenUp"
       FROM deliveries d JOIN runs r USING (run_id) LEFT JOIN connections c ON c.connection_id = d.connection_id
       WHERE d.batch_id = ANY($1) ORDER BY d.batch_id, d.epoch DESC`,
      [batchIds],
    );
  }

  async takeUntold(manager: EntityManager, epoch: number): Promise<ReplayedRun[]> {
    const rows = await update<{ run_id: string; export_id: string; batches: number; rows: number }>(
      manager,
      `UPDATE replayed_runs SET told_at = now() WHERE epoch = $1 AND told_at IS NULL RETURNING run_id, export_id, batches, rows`,
      [epoch],
    );
    return rows.map((row) => ({ runId: row.run_id, exportId: row.export_id, epoch, batches: row.batches, rows: row.rows }));
  }
}
