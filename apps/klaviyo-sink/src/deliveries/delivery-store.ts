import type { BatchFinishedV1, BatchRequestedV1 } from '@courier/contracts';
import type { EntityManager } from 'typeorm';
import type { Intent } from './adoption';
import type { Delivery, KnownDelivery, NewDelivery } from './delivery';
import type { LineRange } from './line-ranges';
import type { RunRef } from '../connections';
import type { EndedSubmission, Submission, SubmissionEnd } from './submission';

export interface RetryLater {
  afterMs: number;
  /** What is counted: a call without a usable answer, or a 429. */
  counts: 'try' | 'throttle' | 'nothing';
}

/** Deliveries and their submissions. Methods with a manager write inside the caller's transaction. */
export abstract class DeliveryStore {
  /** False when the delivery is there already. */
  abstract addDelivery(manager: EntityManager, delivery: NewDelivery): Promise<boolean>;
  /** The batch's delivery of the newest epoch, locked. */
  abstract findNewest(manager: EntityManager, batchId: string): Promise<KnownDelivery | null>;
  abstract findOutcome(manager: EntityManager, deliveryId: string): Promise<BatchFinishedV1 | null>;
  /** Behind everything that is to be sent. */
  abstract moveToEnd(manager: EntityManager, deliveryId: string): Promise<void>;
  /** Whether this epoch sends batches of another run to the same list before this one. */
  abstract isBehindAnotherRun(manager: EntityManager, batch: BatchRequestedV1, epoch: number): Promise<boolean>;
  abstract stopRun(manager: EntityManager, run: RunRef, reason: string): Promise<void>;
  abstract markListMissing(manager: EntityManager, submission: Submission): Promise<void>;

  /** Accounts (or connections that have none yet) for which something can be done now. */
  abstract accountsWithWork(jobDeadlineMs: number): Promise<string[]>;
  /** Calls of an earlier owner that were under way: their answers are lost. */
  abstract recoverInterrupted(manager: EntityManager, accountKey: string): Promise<void>;
  /** Ends submissions that need no call, or can have none: stopped runs, missing lists, removed connections, overdue jobs. */
  abstract endWithoutCall(manager: EntityManager, accountKey: string, jobDeadlineMs: number): Promise<number>;
  abstract findPending(accountKey: string, limit: number): Promise<Submission[]>;
  abstract findUnanswered(accountKey: string): Promise<Submission[]>;
  abstract findAccepted(accountKey: string, limit: number): Promise<Submission[]>;
  /** Calls since `since` whose answer is lost or still on its way, those included that were made again meanwhile. */
  abstract findIntents(accountKey: string, since: Date): Promise<Intent[]>;
  abstract findKnownJobs(jobIds: readonly string[]): Promise<Set<string>>;
  abstract hasLiveWork(accountKey: string, jobDeadlineMs: number): Promise<boolean>;

  /** False when it is not pending any more, its run was stopped or superseded, or it is not its turn: no call then. */
  abstract startSending(manager: EntityManager, submissionId: string): Promise<boolean>;
  abstract accept(manager: EntityManager, submissionId: string, jobId: string): Promise<void>;
  abstract retryLater(manager: EntityManager, submissionId: string, retry: RetryLater): Promise<void>;
  /** The answer is lost: look for the job after the pause. */
  abstract markUnanswered(manager: EntityManager, submissionId: string, afterMs: number): Promise<void>;
  /** After a refused call: `parts` go on in its place; `end` holds what is decided already. */
  abstract split(manager: EntityManager, submission: Submission, parts: LineRange[][], end: SubmissionEnd): Promise<void>;
  abstract end(manager: EntityManager, submissionId: string, end: SubmissionEnd): Promise<void>;

  abstract findEndedDeliveries(accountKey: string, limit: number): Promise<Delivery[]>;
  abstract findEndedSubmissions(deliveryId: string): Promise<EndedSubmission[]>;
  /** False when another owner finished it. */
  abstract finish(manager: EntityManager, outcome: BatchFinishedV1): Promise<boolean>;
}
