import { type Clock } from '@courier/kernel';
import { inSpan } from '@courier/telemetry';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { hasEnded, isPassing, type Answer, type ImportJob } from '../../klaviyo';
import { attentionFor, UseCredential, type OpenedCredential } from '../../connections';
import {
  allRows,
  BatchObjects,
  BatchSlots,
  DeliveryStore,
  endFrom,
  lastingError,
  submissionAttributes,
  submissionFacts,
  type Submission,
  type SubmissionEnd,
} from '../../deliveries';
import { type FinishedJob, mayHaveFailures, settleJob } from './settle-job';
import { CLOCK } from '../../clock';
import { LeasedWrites, type OwnedAccount } from '../../accounts';
import { Settings } from '../../settings';

export interface FollowRound {
  /** Jobs that ended in this round. */
  ended: number;
}

const FOLLOWED_MAX = 2_000;
/** Each may hold a batch in memory to match its import errors. */
const SETTLED_AT_ONCE = 4;
const RUNNING_PAGES_MAX = 20;
const ERROR_PAGE_ROWS = 100;
const ERROR_PAGES_SPARE = 5;
/** Klaviyo has answered a spurious 404 before: a job is gone only when it stays gone, also beyond a passing disturbance. */
const GONE_ROUNDS = 5;
const GONE_FOR_MS = 180_000;
const NOTHING: FollowRound = { ended: 0 };

/**
 * Follows accepted imports to their end, 100 jobs a call. `cancelled` is no value of the collection's filter, so a job that is not among the
 * running ones is read by its id.
 */
@Injectable()
export class FollowJobs {
  private readonly logger = new Logger(FollowJobs.name);
  /** Consecutive 404s by job; lost with the process, which only makes the proof longer. */
  private readonly gone = new Map<string, { rounds: number; sinceMs: number }>();
  /** Beside those that are sent, so that neither kind can keep the other from going on. */
  private readonly slots: BatchSlots;

  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly objects: BatchObjects,
    private readonly writes: LeasedWrites,
    private readonly credentials: UseCredential,
    settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.slots = new BatchSlots(settings);
  }

  async execute(account: OwnedAccount): Promise<FollowRound> {
    const submissions = await this.deliveries.findAccepted(account.key, FOLLOWED_MAX);
    const first = submissions[0];
    if (first === undefined) return NOTHING;
    // One look serves the jobs of several runs: it stands in the oldest one's trace and is linked to the others.
    const attributes = { 'courier.run.id': first.runId, 'courier.klaviyo.jobs': submissions.length };
    const links = [...new Set(submissions.slice(1).map(({ traceparent }) => traceparent))];
    const options = { attributes, parent: first.traceparent, links };
    return inSpan('follow jobs', options, () => this.look(account, first, submissions));
  }

  private async look(account: OwnedAccount, first: Submission, submissions: readonly Submission[]): Promise<FollowRound> {
    const credential = await this.credentials.open(first.connectionId, account.lease);
    if (credential === null) return NOTHING;
    const running = await this.runningJobs(account, credential);
    if (running.kind === 'refused') {
      await this.refused(account, credential, running);
      return NOTHING;
    }
    if (running.kind !== 'ok') return NOTHING;
    for (const jobId of running.value) this.gone.delete(jobId);
    const left = submissions.filter(({ jobId }) => jobId !== null && !running.value.has(jobId));
    let ended = 0;
    let failure: { error: unknown } | null = null;
    for (let from = 0; from < left.length && !account.session.ended.aborted; from += SETTLED_AT_ONCE) {
      const settling = left.slice(from, from + SETTLED_AT_ONCE);
      // Jobs belong to the account, so one connection's key reads those of all its connections.
      const settled = await Promise.allSettled(settling.map((submission) => this.settle(account, credential, submission)));
      for (const result of settled) {
        if (result.status === 'rejected') failure ??= { error: result.reason };
        else if (result.value) ended += 1;
      }
    }
    // Not before: one that cannot be settled holds up no other.
    if (failure !== null) throw failure.error;
    return { ended };
  }

  private async runningJobs(account: OwnedAccount, credential: OpenedCredential): Promise<Answer<Set<string>>> {
    const answer = await account.session.readPages({
      bucket: 'jobs',
      pagesMax: RUNNING_PAGES_MAX,
      send: (api, cursor) => api.getRunningJobs(credential, cursor),
    });
    return answer.kind === 'ok' ? { kind: 'ok', value: new Set(answer.value.items) } : answer;
  }

  private settle(account: OwnedAccount, credential: OpenedCredential, submission: Submission): Promise<boolean> {
    const options = { attributes: submissionAttributes(submission), parent: submission.traceparent };
    return inSpan('settle job', options, () => this.settleJob(account, credential, submission));
  }

  /** Where as many batches are matched as may be in memory, the job waits for the next round. */
  private async settleFailed(
    account: OwnedAccount,
    credential: OpenedCredential,
    submission: Submission,
    job: ImportJob,
  ): Promise<boolean> {
    if (!this.slots.tryTake()) return false;
    try {
      const errors = await this.importErrors(account, credential, job);
      if (errors.kind === 'refused') return await this.refused(account, credential, errors);
      if (errors.kind !== 'ok') return false;
      await this.write(account, submission, errors.value);
      return true;
    } finally {
      this.slots.give();
    }
  }

  private async settleJob(account: OwnedAccount, credential: OpenedCredential, submission: Submission): Promise<boolean> {
    const jobId = submission.jobId ?? '';
    const answer = await account.session.read('job', (api) => api.getJob(credential, jobId));
    if (answer.kind === 'not_found') return this.settleGone(account, submission, jobId);
    if (answer.kind === 'refused') return this.refused(account, credential, answer);
    if (answer.kind !== 'ok') return false;
    this.gone.delete(jobId);
    const job = answer.value;
    if (!hasEnded(job)) return false;
    if (mayHaveFailures(job)) return this.settleFailed(account, credential, submission, job);
    await this.write(account, submission, { job, errors: [], errorsComplete: true });
    return true;
  }

  private async importErrors(account: OwnedAccount, credential: OpenedCredential, job: ImportJob): Promise<Answer<FinishedJob>> {
    const answer = await account.session.readPages({
      bucket: 'importErrors',
      pagesMax: Math.ceil((job.failedCount ?? job.totalCount ?? 0) / ERROR_PAGE_ROWS) + ERROR_PAGES_SPARE,
      send: (api, cursor) => api.getImportErrors(credential, job.id, cursor),
    });
    if (answer.kind === 'ok')
      return { kind: 'ok', value: { job, errors: answer.value.items, errorsComplete: answer.value.complete } };
    if (answer.kind === 'refused' || isPassing(answer)) return answer;
    return { kind: 'ok', value: { job, errors: [], errorsComplete: false } };
  }

  private async write(account: OwnedAccount, submission: Submission, finished: FinishedJob): Promise<void> {
    const end = await this.endOf(submission, finished).catch((error: unknown) =>
      allRows(submission.rows, 'unconfirmed', lastingError(error)),
    );
    await this.writes.write(account.lease, (manager) => this.deliveries.end(manager, submission.id, end));
    this.logger.log('Import job ended', { ...submissionFacts(submission), ...end.counts, code: end.error?.code });
  }

  private async endOf(submission: Submission, finished: FinishedJob): Promise<SubmissionEnd> {
    const { objects } = this;
    // Only matching needs the addresses, so a clean job costs no reading of its batch.
    const lines = finished.errors.length === 0 ? null : await objects.load(submission);
    const verdict = settleJob(finished, submission.ranges, (line) => lines?.email(line) ?? '');
    const staged = verdict.results.length === 0 ? null : await objects.writePart(submission, verdict.results);
    return { ...endFrom(verdict.results, staged, verdict.accepted), error: verdict.error };
  }

  private async settleGone(account: OwnedAccount, submission: Submission, jobId: string): Promise<boolean> {
    const nowMs = this.clock.now().getTime();
    const { rounds, sinceMs } = this.gone.get(jobId) ?? { rounds: 0, sinceMs: nowMs };
    this.gone.set(jobId, { rounds: rounds + 1, sinceMs });
    if (rounds + 1 < GONE_ROUNDS || nowMs - sinceMs < GONE_FOR_MS) return false;
    this.gone.delete(jobId);
    this.logger.warn('Klaviyo no longer knows the import job', submissionFacts(submission));
    const error = { code: 'job_expired', detail: 'Klaviyo no longer knows the import job.' };
    await this.writes.write(account.lease, (manager) =>
      this.deliveries.end(manager, submission.id, allRows(submission.rows, 'unconfirmed', error)),
    );
    return true;
  }

  private async refused(
    account: OwnedAccount,
    credential: OpenedCredential,
    answer: Extract<Answer<never>, { kind: 'refused' }>,
  ): Promise<false> {
    await this.writes.write(account.lease, (manager) =>
      this.credentials.refuse(manager, credential, attentionFor(answer.problem)),
    );
    return false;
  }
}
