import type { Lease } from '@courier/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { Concurrency, KlaviyoSessions, LeasedWrites, pause, type OwnedAccount } from '../accounts';
import { DeliveryStore, FinishDeliveries } from '../deliveries';
import { Settings } from '../settings';
import { FindLostJobs } from './import/find-lost-jobs';
import { FollowJobs } from './import/follow-jobs';
import { SendSubmission, TURN_MAX_MS } from './import/send-submission';

const POLL_FASTEST_MS = 300;
const POLL_SLOWEST_MS = 5_000;
const POLL_GROWTH = 1.5;
/** Longest pause of the loop; ends of calls and new batches shorten it. */
const IDLE_MS = 500;

/**
 * The work of one Klaviyo account while its lease is ours. One loop looks at the database and starts what is due; sending and
 * following run beside each other, and nothing that the loop needs to go on lies in memory only.
 */
@Injectable()
export class DeliverAccount {
  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly writes: LeasedWrites,
    private readonly send: SendSubmission,
    private readonly lost: FindLostJobs,
    private readonly follow: FollowJobs,
    private readonly finish: FinishDeliveries,
    private readonly sessions: KlaviyoSessions,
    private readonly settings: Settings,
  ) {}

  /** Ends when nothing is left to do, `stop` aborts or the lease is lost, and never before every call under way has ended. */
  async execute(accountKey: string, lease: Lease, stop: AbortSignal): Promise<void> {
    const { deliveries, finish, follow, lost, send, settings, writes } = this;
    const account: OwnedAccount = {
      key: accountKey,
      lease,
      session: this.sessions.open(accountKey, lease, stop),
      concurrency: new Concurrency(settings.callsAtOnceMax),
    };
    await writes.write(lease, (manager) => deliveries.recoverInterrupted(manager, accountKey));
    const parts = { deliveries, writes, send, lost, follow, finish, jobDeadlineMs: settings.jobDeadlineMs };
    await new Ownership(account, parts).toItsEnd();
  }
}

interface OwnershipParts {
  deliveries: DeliveryStore;
  writes: LeasedWrites;
  send: SendSubmission;
  lost: FindLostJobs;
  follow: FollowJobs;
  finish: FinishDeliveries;
  jobDeadlineMs: number;
}

class Ownership {
  private readonly logger = new Logger(DeliverAccount.name);
  private readonly underWay = new Map<string, Promise<void>>();
  private failure: { error: unknown } | null = null;
  private wake = new AbortController();
  private pollPauseMs = POLL_FASTEST_MS;
  private nextPollMs = 0;

  constructor(
    private readonly account: OwnedAccount,
    private readonly parts: OwnershipParts,
  ) {}

  /** Throws the first failure, when every call under way has ended. */
  async toItsEnd(): Promise<void> {
    await this.run().catch(this.fail);
    await Promise.allSettled(this.underWay.values());
    if (this.failure !== null) throw this.failure.error;
  }

  private async run(): Promise<void> {
    const { deliveries, finish, jobDeadlineMs, writes } = this.parts;
    const { key, lease } = this.account;
    const { ended } = this.account.session;
    while (!ended.aborted && this.failure === null) {
      this.wake = new AbortController();
      await writes.write(lease, (manager) => deliveries.endWithoutCall(manager, key, jobDeadlineMs));
      // A delivery that cannot be finished holds up no other call: its error ends the ownership only after this round.
      await finish.execute(this.account).catch(this.fail);
      await this.startDue();
      if (this.underWay.size === 0 && !(await deliveries.hasLiveWork(key, jobDeadlineMs))) return;
      await pause(this.pauseMs(), AbortSignal.any([this.wake.signal, ended]));
    }
  }

  private async startDue(): Promise<void> {
    if (!this.underWay.has('lost')) this.track('lost', this.parts.lost.execute(this.account));
    if (!this.underWay.has('follow') && performance.now() >= this.nextPollMs) this.track('follow', this.follow());
    const room = this.account.concurrency.limit - this.sending();
    if (room <= 0) return;
    const pending = await this.parts.deliveries.findPending(this.account.key, room + this.sending());
    // While the account's quota holds imports back, none of its batches is in memory.
    if (pending.length === 0 || (await this.account.session.turnInMs('imports')) > TURN_MAX_MS) return;
    for (const submission of pending.filter(({ id }) => !this.underWay.has(id)).slice(0, room)) {
      const sent = this.parts.send.execute(this.account, submission);
      if (sent === null) return;
      this.track(
        submission.id,
        sent.then(() => this.pollSoon()),
      );
    }
  }

  private async follow(): Promise<void> {
    const { ended } = await this.parts.follow.execute(this.account);
    this.pollPauseMs = ended > 0 ? POLL_FASTEST_MS : Math.min(POLL_SLOWEST_MS, this.pollPauseMs * POLL_GROWTH);
    this.nextPollMs = performance.now() + this.pollPauseMs;
  }

  private pollSoon(): void {
    this.pollPauseMs = POLL_FASTEST_MS;
    this.nextPollMs = Math.min(this.nextPollMs, performance.now() + POLL_FASTEST_MS);
  }

  private track(name: string, work: Promise<void>): void {
    const running = work.catch(this.fail).finally(() => {
      this.underWay.delete(name);
      if (name !== 'lost') this.wake.abort();
    });
    this.underWay.set(name, running);
  }

  /** The first failure ends the ownership and is told by who held it; what fails beside it, as an answer that comes too late, here. */
  private readonly fail = (error: unknown): void => {
    if (this.failure === null) this.failure = { error };
    else this.logger.warn('Another call of the account came to nothing', { err: error });
  };

  private sending(): number {
    return [...this.underWay.keys()].filter((name) => name !== 'lost' && name !== 'follow').length;
  }

  private pauseMs(): number {
    const pollMs = this.underWay.has('follow') ? Infinity : this.nextPollMs - performance.now();
    return Math.max(10, Math.min(IDLE_MS, pollMs));
  }
}
