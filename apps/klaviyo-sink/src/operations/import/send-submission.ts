import type { BatchLines } from '@courier/staging';
import { inSpan } from '@courier/telemetry';
import { Injectable, Logger } from '@nestjs/common';
import { isPassing, type Answer, type CredentialProblem, type ImportJob, type PassingFailure } from '../../klaviyo';
import { attentionFor, UseCredential, type OpenedCredential } from '../../connections';
import { backoffMs, LeasedWrites, type OwnedAccount } from '../../accounts';
import {
  allRows,
  BatchObjects,
  BatchSlots,
  DeliveryStore,
  lastingError,
  linesOf,
  submissionAttributes,
  submissionFacts,
  type Submission,
  type SubmissionEnd,
} from '../../deliveries';
import { Settings } from '../../settings';
import { ResolveRefusedImport } from './resolve-refused-import';

/** 429s before the rows stay unconfirmed; each waited as long as Klaviyo asked. */
const THROTTLES_MAX = 500;

/** A batch that waits for its turn takes a slot from the other accounts. */
export const TURN_MAX_MS = 1_000;

/**
 * One import call: load, wait for the turn, write the intent, call, write what came of it. The intent is there before the call, so
 * that whoever finds it unanswered knows that Klaviyo may have a job for it.
 */
@Injectable()
export class SendSubmission {
  private readonly logger = new Logger(SendSubmission.name);

  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly objects: BatchObjects,
    private readonly writes: LeasedWrites,
    private readonly credentials: UseCredential,
    private readonly refused: ResolveRefusedImport,
    private readonly slots: BatchSlots,
    private readonly settings: Settings,
  ) {}

  /** Null when as many batches are in memory as may be; nothing is begun then. */
  execute(account: OwnedAccount, submission: Submission): Promise<void> | null {
    if (!this.slots.tryTake()) return null;
    const options = { attributes: submissionAttributes(submission), parent: submission.traceparent };
    return inSpan('send import', options, () => this.send(account, submission)).finally(() => this.slots.give());
  }

  private async send(account: OwnedAccount, submission: Submission): Promise<void> {
    const credential = await this.credentials.open(submission.connectionId, account.lease);
    if (credential === null) return;
    const lines = await this.load(account, submission);
    if (lines === null) return;
    const answer = await account.session.call({
      bucket: 'imports',
      turnMaxMs: TURN_MAX_MS,
      before: () => this.writes.write(account.lease, (manager) => this.deliveries.startSending(manager, submission.id)),
      send: (api) =>
        api.importProfiles(credential, { listId: submission.listId, profiles: lines.join(linesOf(submission.ranges)) }),
    });
    if (answer === null) return;
    try {
      await this.record(account, submission, credential, answer);
    } catch (error) {
      await this.end(account, submission, allRows(submission.rows, 'unconfirmed', lastingError(error)));
    }
  }

  private async load(account: OwnedAccount, submission: Submission): Promise<BatchLines | null> {
    try {
      return await this.objects.load(submission);
    } catch (error) {
      const status = submission.maybeSent ? 'unconfirmed' : 'notAttempted';
      await this.end(account, submission, allRows(submission.rows, status, lastingError(error)));
      return null;
    }
  }

  private async end(account: OwnedAccount, submission: Submission, end: SubmissionEnd): Promise<void> {
    await this.writes.write(account.lease, (manager) => this.deliveries.end(manager, submission.id, end));
  }

  private async record(
    account: OwnedAccount,
    submission: Submission,
    credential: OpenedCredential,
    answer: Answer<ImportJob>,
  ): Promise<void> {
    const { deliveries, refused, writes } = this;
    if (isPassing(answer)) return this.recordPassing(account, submission, answer);
    switch (answer.kind) {
      case 'ok':
        account.concurrency.succeeded();
        await writes.write(account.lease, (manager) => deliveries.accept(manager, submission.id, answer.value.id));
        this.logger.log('Import accepted by Klaviyo', { ...submissionFacts(submission), jobId: answer.value.id });
        return;
      case 'refused':
        return this.recordRefusal(account, submission, credential, answer.problem);
      case 'invalid':
        return this.resolved(
          account,
          submission,
          credential,
          await refused.execute(account, submission, credential, answer.entries),
        );
      case 'not_found':
        return this.resolved(account, submission, credential, await refused.confirmList(account, submission, credential));
    }
  }

  /** What a look at the list brought instead of a decision. */
  private async resolved(
    account: OwnedAccount,
    submission: Submission,
    credential: OpenedCredential,
    open: PassingFailure | { kind: 'refused'; problem: CredentialProblem } | null,
  ): Promise<void> {
    if (open === null) return;
    if (open.kind === 'refused') return this.recordRefusal(account, submission, credential, open.problem);
    // Klaviyo did nothing with the import itself, so no job can be waiting for it.
    const answer = open.kind === 'unknown' ? ({ kind: 'unavailable', reason: open.reason } as const) : open;
    return this.recordPassing(account, submission, answer);
  }

  private async recordRefusal(
    account: OwnedAccount,
    submission: Submission,
    credential: OpenedCredential,
    problem: CredentialProblem,
  ): Promise<void> {
    const { credentials, deliveries, writes } = this;
    this.logger.warn('Klaviyo refuses the key; the batch waits', { ...submissionFacts(submission), code: problem.code });
    await writes.write(account.lease, async (manager) => {
      await deliveries.retryLater(manager, submission.id, { afterMs: 0, counts: 'nothing' });
      await credentials.refuse(manager, credential, attentionFor(problem));
    });
  }

  private async recordPassing(account: OwnedAccount, submission: Submission, answer: PassingFailure): Promise<void> {
    const { deliveries, settings, writes } = this;
    const tries = submission.tries + 1;
    this.logger.warn(passingTexts[answer.kind], { ...submissionFacts(submission), attempt: tries, ...passingFacts(answer) });
    await writes.write(account.lease, async (manager) => {
      if (answer.kind === 'unknown') {
        return deliveries.markUnanswered(manager, submission.id, backoffMs(tries, settings.backoff));
      }
      if (answer.kind === 'throttled') {
        account.concurrency.throttled();
        if (submission.throttles + 1 < THROTTLES_MAX) {
          return deliveries.retryLater(manager, submission.id, { afterMs: answer.retryAfterMs, counts: 'throttle' });
        }
      } else if (tries < settings.triesMax) {
        return deliveries.retryLater(manager, submission.id, { afterMs: backoffMs(tries, settings.backoff), counts: 'try' });
      }
      return deliveries.end(manager, submission.id, allRows(submission.rows, 'unconfirmed', exhausted(answer)));
    });
  }
}

const passingTexts: Record<PassingFailure['kind'], string> = {
  throttled: 'Klaviyo throttles; the import waits',
  unavailable: 'Klaviyo took no import; it is tried again',
  unknown: 'Klaviyo did not answer; its newest jobs are searched',
};

function passingFacts(answer: PassingFailure): { retryAfterMs: number } | { reason: string } {
  return answer.kind === 'throttled' ? { retryAfterMs: answer.retryAfterMs } : { reason: answer.reason };
}

function exhausted(answer: PassingFailure): { code: string; detail: string } {
  if (answer.kind === 'throttled') return { code: 'throttled', detail: 'Klaviyo throttled every call.' };
  return { code: 'klaviyo_unavailable', detail: `Klaviyo took no call (${answer.reason}).` };
}
