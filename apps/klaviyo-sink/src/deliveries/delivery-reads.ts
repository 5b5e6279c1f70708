import type { DataSource } from 'typeorm';
import type { Intent } from './adoption';
import type { Delivery } from './delivery';
import type { EndedSubmission, Submission } from './submission';
import { DeliveryStore } from './delivery-store';
import { select } from '../sql';
import { type EndedRow, type SubmissionRow, toEndedSubmission, toSubmission } from './submission-row';

/**
 * What ends without another call. Where an answer is lost and no key may look for its job, the end of the run does not wait for a new
 * key; an accepted job is waited for until its deadline.
 */
export const endsWithoutCall = (jobDeadlineMs: string): string => `((end_code IS NOT NULL AND state = 'pending')
  OR (end_code IS NOT NULL AND state = 'unanswered' AND NOT usable)
  OR (end_code = 'connection_removed' AND state = 'accepted')
  OR (state = 'accepted' AND accepted_at < now() - ${jobDeadlineMs}::double precision * interval '1 millisecond'))`;

/**
 * Something that the owner of the account can do now, or as soon as a pause is over. A call that an earlier owner left under way becomes
 * unanswered by taking the account over.
 */
const ACTIONABLE = `(usable OR (end_code IS NOT NULL AND state = 'sending') OR ${endsWithoutCall('$1')})`;

const ENDED = `d.state = 'open' AND NOT EXISTS (
  SELECT 1 FROM submissions s WHERE s.delivery_id = d.id AND s.state IN ('pending', 'sending', 'unanswered', 'accepted'))`;

/**
 * Where a replay or a run that was stopped takes part, a run's calls wait until what another run sent to the list before has ended:
 * Klaviyo does not order import jobs, and the older values must not be the last. Other runs of a list come one after the other anyhow.
 * Batches of one run hold different people. What cannot be sent now holds up nobody.
 */
export const inOrder = (accountKey: string): string => `NOT EXISTS (
  SELECT 1 FROM (
    SELECT list_id, run_id, epoch > 0 AS replayed, end_code IS NOT NULL AS stopped, min(delivery_seq) AS first_seq
    FROM live_submissions WHERE account_key = ${accountKey} AND usable GROUP BY 1, 2, 3, 4
  ) AS other
  WHERE other.list_id = live.list_id AND other.run_id <> live.run_id AND other.first_seq < live.delivery_seq
    AND (other.replayed OR other.stopped OR live.epoch > 0))`;

const ACCOUNT_KEY = 'coalesce(c.account_id, d.connection_id::text)';

interface DeliveryRow {
  id: string;
  batch_id: string;
  epoch: number;
  run_id: string;
  export_id: string;
  connection_id: string;
  attempt: number;
  number: number;
  rows: number;
  calls: number;
  traceparent: string | null;
}

interface IntentRow {
  submission_id: string;
  list_id: string;
  rows: number;
  started_at: Date;
  looking: boolean;
}

/** What the store reads; PostgresDeliveryStore adds what it writes. */
export abstract class DeliveryReads extends DeliveryStore {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async accountsWithWork(jobDeadlineMs: number): Promise<string[]> {
    const rows = await select<{ account_key: string }>(
      this.dataSource.manager,
      `SELECT account_key FROM live_submissions WHERE ${ACTIONABLE}
       UNION SELECT ${ACCOUNT_KEY} FROM deliveries d LEFT JOIN connections c USING (connection_id) WHERE ${ENDED}`,
      [jobDeadlineMs],
    );
    return rows.map((row) => row.account_key);
  }

  async hasLiveWork(accountKey: string, jobDeadlineMs: number): Promise<boolean> {
    return (await this.accountsWithWork(jobDeadlineMs)).includes(accountKey);
  }

  findPending(accountKey: string, limit: number): Promise<Submission[]> {
    const condition = `live.state = 'pending' AND usable AND end_code IS NULL AND due_at <= now() AND ${inOrder('$1')}`;
    return this.live(condition, accountKey, limit);
  }

  findUnanswered(accountKey: string): Promise<Submission[]> {
    return this.live(`live.state = 'unanswered' AND usable AND due_at <= now()`, accountKey, 1_000);
  }

  findAccepted(accountKey: string, limit: number): Promise<Submission[]> {
    return this.live(`live.state = 'accepted' AND usable`, accountKey, limit);
  }

  async findIntents(accountKey: string, since: Date): Promise<Intent[]> {
    const rows = await select<IntentRow>(
      this.dataSource.manager,
      `SELECT s.id AS submission_id, d.list_id, s.rows, lost.sent_at AS started_at,
         s.state = 'unanswered' AND s.sent_at = lost.sent_at AS looking
       FROM lost_calls lost JOIN submissions s ON s.id = lost.submission_id JOIN deliveries d ON d.id = s.delivery_id
       LEFT JOIN connections c USING (connection_id)
       WHERE ${ACCOUNT_KEY} = $1 AND lost.sent_at >= $2
       UNION ALL
       SELECT id, list_id, rows, sent_at, false FROM live_submissions WHERE state = 'sending' AND account_key = $1`,
      [accountKey, since],
    );
    return rows.map((row) => ({
      submissionId: row.submission_id,
      listId: row.list_id,
      rows: row.rows,
      startedAt: row.started_at,
      looking: row.looking,
    }));
  }

  async findKnownJobs(jobIds: readonly string[]): Promise<Set<string>> {
    const rows = await select<{ job_id: string }>(
      this.dataSource.manager,
      'SELECT job_id FROM submissions WHERE job_id = ANY($1)',
      [jobIds],
    );
    return new Set(rows.map((row) => row.job_id));
  }

  async findEndedDeliveries(accountKey: string, limit: number): Promise<Delivery[]> {
    const rows = await select<DeliveryRow>(
      this.dataSource.manager,
      `SELECT d.* FROM deliveries d LEFT JOIN connections c USING (connection_id)
       WHERE ${ENDED} AND ${ACCOUNT_KEY} = $1 ORDER BY d.seq LIMIT $2`,
      [accountKey, limit],
    );
    return rows.map((row) => ({
      id: row.id,
      batchId: row.batch_id,
      epoch: row.epoch,
      runId: row.run_id,
      exportId: row.export_id,
      connectionId: row.connection_id,
      attempt: row.attempt,
      number: row.number,
      rows: row.rows,
      calls: row.calls,
      traceparent: row.traceparent,
    }));
  }

  async findEndedSubmissions(deliveryId: string): Promise<EndedSubmission[]> {
    const rows = await select<EndedRow>(
      this.dataSource.manager,
      'SELECT * FROM submissions WHERE delivery_id = $1 ORDER BY accepted_at NULLS LAST, seq',
      [deliveryId],
    );
    return rows.map(toEndedSubmission);
  }

  private async live(condition: string, accountKey: string, limit: number): Promise<Submission[]> {
    const rows = await select<SubmissionRow>(
      this.dataSource.manager,
      `SELECT live.*, d.rows AS batch_rows, d.batch_id, d.export_id, d.traceparent FROM live_submissions live
       JOIN deliveries d ON d.id = live.delivery_id
       WHERE ${condition} AND account_key = $1 ORDER BY delivery_seq, live.seq LIMIT $2`,
      [accountKey, limit],
    );
    return rows.map(toSubmission);
  }
}
