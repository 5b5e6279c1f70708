import type { BatchFinishedV1, BatchRequestedV1 } from '@courier/contracts';
import { newId } from '@courier/kernel';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { endDetails, type KnownDelivery, type NewDelivery } from './delivery';
import { countLines, type LineRange } from './line-ranges';
import type { Submission, SubmissionEnd } from './submission';
import type { RunRef } from '../connections';
import type { RetryLater } from './delivery-store';
import { addDelivery, findNewest, findOutcome, isBehindAnotherRun, moveToEnd, stopRun } from './delivery-intake';
import { DeliveryReads, endsWithoutCall, inOrder } from './delivery-reads';
import { change } from '../sql';

const AFTER = (parameter: string): string => `now() + ${parameter}::double precision * interval '1 millisecond'`;

/** Every change of a submission names the state that it leaves, so that a repeated or late write changes nothing. */
@Injectable()
export class PostgresDeliveryStore extends DeliveryReads {
  constructor(dataSource: DataSource) {
    super(dataSource);
  }

  addDelivery(manager: EntityManager, delivery: NewDelivery): Promise<boolean> {
    return addDelivery(manager, delivery);
  }

  findNewest(manager: EntityManager, batchId: string): Promise<KnownDelivery | null> {
    return findNewest(manager, batchId);
  }

  findOutcome(manager: EntityManager, deliveryId: string): Promise<BatchFinishedV1 | null> {
    return findOutcome(manager, deliveryId);
  }

  moveToEnd(manager: EntityManager, deliveryId: string): Promise<void> {
    return moveToEnd(manager, deliveryId);
  }

  isBehindAnotherRun(manager: EntityManager, batch: BatchRequestedV1, epoch: number): Promise<boolean> {
    return isBehindAnotherRun(manager, batch, epoch);
  }

  stopRun(manager: EntityManager, run: RunRef, reason: string): Promise<void> {
    return stopRun(manager, run, reason);
  }

  async markListMissing(manager: EntityManager, { runId, epoch }: Submission): Promise<void> {
    if (epoch === 0) await change(manager, 'UPDATE runs SET list_missing = true WHERE run_id = $1', [runId]);
    else await change(manager, 'UPDATE replayed_runs SET list_missing = true WHERE run_id = $1 AND epoch = $2', [runId, epoch]);
  }

  async recoverInterrupted(manager: EntityManager, accountKey: string): Promise<void> {
    const interrupted = `SELECT id FROM live_submissions WHERE account_key = $1 AND state = 'sending'`;
    await manager.query(
      `INSERT INTO lost_calls (submission_id, sent_at)
       SELECT id, sent_at FROM submissions WHERE id IN (${interrupted}) ON CONFLICT DO NOTHING`,
      [accountKey],
    );
    await change(
      manager,
      `UPDATE submissions SET state = 'unanswered', tries = tries + 1, maybe_sent = true, due_at = now()
       WHERE id IN (${interrupted})`,
      [accountKey],
    );
  }

  endWithoutCall(manager: EntityManager, accountKey: string, jobDeadlineMs: number): Promise<number> {
    return change(
      manager,
      `UPDATE submissions s
       SET state = 'done', unconfirmed = CASE WHEN due.maybe THEN s.rows ELSE 0 END,
           not_attempted = CASE WHEN due.maybe THEN 0 ELSE s.rows END,
           error = jsonb_build_object('code', due.code, 'detail', coalesce($3::jsonb ->> due.code, due.code))
       FROM (
         SELECT id, coalesce(end_code, 'job_deadline_exceeded') AS code, maybe_sent OR state <> 'pending' AS maybe
         FROM live_submissions
         WHERE account_key = $1 AND ${endsWithoutCall('$2')}
       ) due
       WHERE s.id = due.id`,
      [accountKey, jobDeadlineMs, JSON.stringify(endDetails)],
    );
  }

  async startSending(manager: EntityManager, submissionId: string): Promise<boolean> {
    // The intake moves a delivery that was not called to its place in a replay: one of the two comes first.
    await manager.query('SELECT 1 FROM deliveries WHERE id = (SELECT delivery_id FROM submissions WHERE id = $1) FOR UPDATE', [
      submissionId,
    ]);
    const started = await change(
      manager,
      `UPDATE submissions SET state = 'sending', sent_at = clock_timestamp() WHERE state = 'pending'
         AND id IN (SELECT id FROM live_submissions live
                    WHERE live.id = $1 AND usable AND end_code IS NULL AND ${inOrder('live.account_key')})`,
      [submissionId],
    );
    if (started === 0) return false;
    await change(
      manager,
      'UPDATE deliveries SET calls = calls + 1 WHERE id = (SELECT delivery_id FROM submissions WHERE id = $1)',
      [submissionId],
    );
    return true;
  }

  async accept(manager: EntityManager, submissionId: string, jobId: string): Promise<void> {
    await manager.query(
      'DELETE FROM lost_calls l USING submissions s WHERE s.id = $1 AND l.submission_id = s.id AND l.sent_at = s.sent_at',
      [submissionId],
    );
    await change(
      manager,
      `UPDATE submissions SET state = 'accepted', job_id = $2, accepted_at = clock_timestamp()
       WHERE id = $1 AND state IN ('sending', 'unanswered')`,
      [submissionId, jobId],
    );
  }

  async retryLater(manager: EntityManager, submissionId: string, { afterMs, counts }: RetryLater): Promise<void> {
    await change(
      manager,
      `UPDATE submissions SET state = 'pending', due_at = ${AFTER('$2')},
         tries = tries + CASE WHEN $3 = 'try' THEN 1 ELSE 0 END,
         throttles = throttles + CASE WHEN $3 = 'throttle' THEN 1 ELSE 0 END
       WHERE id = $1 AND state IN ('sending', 'unanswered')`,
      [submissionId, afterMs, counts],
    );
  }

  async markUnanswered(manager: EntityManager, submissionId: string, afterMs: number): Promise<void> {
    await manager.query(
      `INSERT INTO lost_calls (submission_id, sent_at)
       SELECT id, sent_at FROM submissions WHERE id = $1 AND sent_at IS NOT NULL ON CONFLICT DO NOTHING`,
      [submissionId],
    );
    await change(
      manager,
      `UPDATE submissions SET state = 'unanswered', maybe_sent = true, tries = tries + 1, due_at = ${AFTER('$2')}
       WHERE id = $1 AND state IN ('sending', 'unanswered')`,
      [submissionId, afterMs],
    );
  }

  async split(manager: EntityManager, submission: Submission, parts: LineRange[][], end: SubmissionEnd): Promise<void> {
    if (!(await this.close(manager, submission.id, 'split', end))) return;
    await change(manager, 'UPDATE deliveries SET refusals = refusals + 1 WHERE id = $1', [submission.deliveryId]);
    for (const ranges of parts) {
      await manager.query(
        `INSERT INTO submissions (id, delivery_id, ranges, rows, rounds, maybe_sent) VALUES ($1, $2, $3, $4, $5, $6)`,
        [newId(), submission.deliveryId, JSON.stringify(ranges), countLines(ranges), submission.rounds + 1, submission.maybeSent],
      );
    }
  }

  async end(manager: EntityManager, submissionId: string, end: SubmissionEnd): Promise<void> {
    await this.close(manager, submissionId, 'done', end);
  }

  async finish(manager: EntityManager, outcome: BatchFinishedV1): Promise<boolean> {
    const finished = await change(
      manager,
      `UPDATE deliveries SET state = 'finished', outcome = $2, finished_at = now() WHERE id = $1 AND state = 'open'`,
      [outcome.deliveryId, JSON.stringify(outcome)],
    );
    return finished > 0;
  }

  private async close(
    manager: EntityManager,
    submissionId: string,
    state: 'split' | 'done',
    end: SubmissionEnd,
  ): Promise<boolean> {
    const { counts, error, reasons, results } = end;
    const closed = await change(
      manager,
      `UPDATE submissions SET state = $2, accepted = $3, rejected = $4, unconfirmed = $5, not_attempted = $6,
         reasons = $7, results = $8, error = $9
       WHERE id = $1 AND state IN ('pending', 'sending', 'unanswered', 'accepted')`,
      [
        submissionId,
        state,
        counts.accepted,
        counts.rejected,
        counts.unconfirmed,
        counts.notAttempted,
        JSON.stringify(reasons),
        results === null ? null : JSON.stringify(results),
        error === null ? null : JSON.stringify(error),
      ],
    );
    return closed > 0;
  }
}
