import type { MigrationInterface, QueryRunner } from 'typeorm';
import { liveSubmissions } from './0001-sink';

export class SinkReplays1764000000004 implements MigrationInterface {
  name = 'SinkReplays1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs ADD COLUMN list_id text, ADD COLUMN kind text, ADD COLUMN sequence bigint');
    await runner.query(replayedRuns);
    await runner.query('DROP VIEW live_submissions');
    await runner.query(liveSubmissionsWithReplays);
    for (const index of indexes) await runner.query(index);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW live_submissions');
    await runner.query(liveSubmissions);
    await runner.query('DROP INDEX runs_by_sequence, deliveries_by_batch');
    await runner.query('DROP TABLE replayed_runs');
    await runner.query('ALTER TABLE runs DROP COLUMN list_id, DROP COLUMN kind, DROP COLUMN sequence');
  }
}

/** A run of which batches are sent again in an epoch; `id` is the child run that the orchestrator opens for it. */
const replayedRuns = `
  CREATE TABLE replayed_runs (
    id uuid PRIMARY KEY,
    run_id uuid NOT NULL,
    export_id uuid NOT NULL,
    epoch int NOT NULL,
    unfinished_only boolean NOT NULL,
    batches int NOT NULL,
    rows int NOT NULL,
    stop_reason text,
    list_missing boolean NOT NULL DEFAULT false,
    told_at timestamptz,
    UNIQUE (run_id, epoch)
  )`;

/**
 * What stopped a run, or its missing list, was mended before an operator sends its batches again; what a person canceled stays so.
 * Only a full run brings everything that an older one would bring. What an older run left unfinished, any newer one has taken up.
 */
const liveSubmissionsWithReplays = `
  CREATE VIEW live_submissions AS
  SELECT s.*, d.run_id, d.connection_id, d.list_id, d.attempt, d.number, d.object, d.refusals AS delivery_refusals, d.seq AS delivery_seq,
    d.epoch,
    coalesce(c.account_id, d.connection_id::text) AS account_key,
    coalesce(NOT c.removed AND c.standing = 'ok' AND c.checked_credential_version = c.credential_version, false) AS usable,
    CASE WHEN c.removed THEN 'connection_removed'
         WHEN d.refusal IS NOT NULL THEN d.refusal
         WHEN r.stop_reason = 'canceled' OR CASE WHEN again.id IS NULL THEN r.stop_reason ELSE again.stop_reason END IS NOT NULL
           THEN 'run_stopped'
         WHEN coalesce(again.list_missing, r.list_missing) THEN 'list_not_found'
         WHEN again.id IS NOT NULL AND EXISTS (
           SELECT 1 FROM runs newer
           WHERE newer.export_id = r.export_id AND newer.list_id = r.list_id AND newer.sequence > r.sequence
             AND (newer.kind = 'full' OR again.unfinished_only)
         ) THEN 'superseded' END AS end_code
  FROM submissions s
  JOIN deliveries d ON d.id = s.delivery_id AND d.state = 'open'
  JOIN runs r ON r.run_id = d.run_id
  LEFT JOIN replayed_runs again ON again.run_id = d.run_id AND again.epoch = d.epoch
  LEFT JOIN connections c ON c.connection_id = d.connection_id
  WHERE s.state IN ('pending', 'sending', 'unanswered', 'accepted')`;

const indexes = [
  'CREATE INDEX deliveries_by_batch ON deliveries (batch_id, epoch)',
  'CREATE INDEX runs_by_sequence ON runs (export_id, list_id, sequence)',
  'CREATE INDEX replayed_runs_untold ON replayed_runs (epoch) WHERE told_at IS NULL',
];
