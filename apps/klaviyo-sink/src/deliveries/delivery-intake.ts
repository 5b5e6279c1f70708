import type { BatchFinishedV1, BatchRequestedV1 } from '@courier/contracts';
import { newId } from '@courier/kernel';
import { notify } from '@courier/persistence';
import { currentTraceparent } from '@courier/telemetry';
import type { EntityManager } from 'typeorm';
import type { KnownDelivery, NewDelivery } from './delivery';
import type { RunRef } from '../connections';
import { DELIVERIES_CHANNEL } from '../channels';
import { change, select } from '../sql';

const RUN = `
  INSERT INTO runs (run_id, export_id, connection_id, traceparent) VALUES ($1, $2, $3, $4)
  ON CONFLICT (run_id) DO NOTHING`;

const RUN_OF_BATCH = `
  INSERT INTO runs (run_id, export_id, connection_id, traceparent, list_id, kind, sequence) VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (run_id) DO UPDATE SET list_id = excluded.list_id, kind = excluded.kind, sequence = excluded.sequence
  WHERE runs.list_id IS NULL`;

export async function addDelivery(manager: EntityManager, { id, epoch, batch, refusal }: NewDelivery): Promise<boolean> {
  const traceparent = currentTraceparent();
  const { kind, sequence } = batch.run ?? { kind: null, sequence: null };
  await manager.query(RUN_OF_BATCH, [batch.runId, batch.exportId, batch.connectionId, traceparent, batch.listId, kind, sequence]);
  const added = await select(
    manager,
    `INSERT INTO deliveries (id, batch_id, epoch, run_id, export_id, connection_id, attempt, number, list_id, rows, object, refusal,
       traceparent)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (id) DO NOTHING RETURNING id`,
    [
      id,
      batch.batchId,
      epoch,
      batch.runId,
      batch.exportId,
      batch.connectionId,
      batch.attempt,
      batch.number,
      batch.listId,
      batch.rows,
      JSON.stringify(batch.object),
      refusal,
      traceparent,
    ],
  );
  if (added.length === 0) return false;
  const ranges = JSON.stringify([[0, batch.rows - 1]]);
  await manager.query('INSERT INTO submissions (id, delivery_id, ranges, rows) VALUES ($1, $2, $3, $4)', [
    newId(),
    id,
    ranges,
    batch.rows,
  ]);
  await notify(manager, DELIVERIES_CHANNEL);
  return true;
}

export async function findNewest(manager: EntityManager, batchId: string): Promise<KnownDelivery | null> {
  const [row] = await select<KnownDelivery>(
    manager,
    'SELECT id, calls, outcome FROM deliveries WHERE batch_id = $1 ORDER BY epoch DESC LIMIT 1 FOR UPDATE',
    [batchId],
  );
  return row ?? null;
}

export async function findOutcome(manager: EntityManager, deliveryId: string): Promise<BatchFinishedV1 | null> {
  const [row] = await select<{ outcome: BatchFinishedV1 | null }>(
    manager,
    'SELECT outcome FROM deliveries WHERE id = $1 FOR UPDATE',
    [deliveryId],
  );
  return row?.outcome ?? null;
}

export async function moveToEnd(manager: EntityManager, deliveryId: string): Promise<void> {
  await change(manager, 'UPDATE deliveries SET seq = DEFAULT WHERE id = $1', [deliveryId]);
}

export async function isBehindAnotherRun(manager: EntityManager, batch: BatchRequestedV1, epoch: number): Promise<boolean> {
  const rows = await select(
    manager,
    `SELECT 1 FROM replayed_runs again JOIN runs r USING (run_id)
     WHERE again.epoch = $1 AND r.connection_id = $2 AND r.list_id = $3 AND r.run_id <> $4 LIMIT 1`,
    [epoch, batch.connectionId, batch.listId, batch.runId],
  );
  return rows.length > 0;
}

export async function stopRun(manager: EntityManager, run: RunRef, reason: string): Promise<void> {
  await manager.query(RUN, [run.runId, run.exportId, run.connectionId, currentTraceparent()]);
  await change(manager, 'UPDATE runs SET stop_reason = coalesce(stop_reason, $2) WHERE run_id = $1', [run.runId, reason]);
  await change(manager, 'UPDATE replayed_runs SET stop_reason = coalesce(stop_reason, $2) WHERE id = $1', [run.runId, reason]);
  await notify(manager, DELIVERIES_CHANNEL);
}
