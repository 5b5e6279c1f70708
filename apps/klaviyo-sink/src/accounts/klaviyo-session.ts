import { AppError } from '@courier/kernel';
import type { Lease } from '@courier/persistence';
import { Injectable } from '@nestjs/common';
import { KlaviyoApi, type Answer, type KlaviyoPage } from '../klaviyo';
import type { QuotaBucket } from './quota';
import { Quota } from './quota-store';
import { Settings } from '../settings';

export type CallLease = Pick<Lease, 'remainingMs' | 'renew' | 'signal'>;

export interface SessionOptions {
  api: KlaviyoApi;
  quota: Quota;
  /** A whole call never takes longer: the transport ends it. */
  callTimeoutMs: number;
}

export interface Call<T> {
  bucket: QuotaBucket;
  send: (api: KlaviyoApi) => Promise<Answer<T>>;
  /** Runs when the turn has come; false means that the call is not wanted any more. */
  before?: () => Promise<boolean>;
  /** A turn that is further off is not waited for. */
  turnMaxMs?: number;
}

export interface PagedRead<T> {
  bucket: QuotaBucket;
  pagesMax: number;
  send: (api: KlaviyoApi, cursor: string | null) => Promise<Answer<KlaviyoPage<T>>>;
  enough?: (items: readonly T[]) => boolean;
}

export interface ReadPages<T> {
  items: T[];
  /** False when there are more pages than were read, or when one of them was not whole. */
  complete: boolean;
}

/**
 * Every call of leased work goes through here: it waits for the account's quota, and it starts only while the lease outlives the
 * longest possible call. HTTP knows no fencing tokens, so this is what keeps two owners from calling at once.
 */
export class KlaviyoSession {
  constructor(
    private readonly options: SessionOptions,
    readonly accountKey: string,
    private readonly lease: CallLease,
    /** Aborted when nothing more is to be begun: the lease is lost, or the process is stopping. */
    readonly ended: AbortSignal,
  ) {}

  /** Null when the turn is too far off or `before` said no. Throws AppError `lease_lost` or `abandoned`. */
  async call<T>({ bucket, send, before, turnMaxMs }: Call<T>): Promise<Answer<T> | null> {
    const wait = { signal: this.ended, ...(turnMaxMs === undefined ? {} : { maxMs: turnMaxMs }) };
    const turn = await this.options.quota.turn(this.accountKey, bucket, wait);
    if (turn.kind === 'far_off') return null;
    if (before !== undefined && !(await before())) return null;
    await this.assertLeaseOutlivesCall();
    const answer = await send(this.options.api);
    if (answer.kind === 'throttled') await this.options.quota.block(this.accountKey, bucket, answer.retryAfterMs);
    return answer;
  }

  /** How long a call would wait for its turn if it were made now. */
  turnInMs(bucket: QuotaBucket): Promise<number> {
    return this.options.quota.waitMs(this.accountKey, bucket);
  }

  async read<T>(bucket: QuotaBucket, send: (api: KlaviyoApi) => Promise<Answer<T>>): Promise<Answer<T>> {
    const answer = await this.call({ bucket, send });
    return answer ?? { kind: 'unavailable', reason: 'not_wanted' };
  }

  /** Reads page after page, until the last one, until `enough` says so, or up to `pagesMax`. */
  async readPages<T>({ bucket, pagesMax, send, enough }: PagedRead<T>): Promise<Answer<ReadPages<T>>> {
    const items: T[] = [];
    let cursor: string | null = null;
    let whole = true;
    for (let pages = 0; pages < pagesMax; pages += 1) {
      const at: string | null = cursor;
      const answer: Answer<KlaviyoPage<T>> = await this.read(bucket, (api) => send(api, at));
      if (answer.kind !== 'ok') return answer;
      items.push(...answer.value.items);
      cursor = answer.value.nextCursor;
      whole &&= answer.value.whole;
      if (cursor === null || enough?.(answer.value.items) === true) return { kind: 'ok', value: { items, complete: whole } };
    }
    return { kind: 'ok', value: { items, complete: false } };
  }

  private async assertLeaseOutlivesCall(): Promise<void> {
    if (this.lease.remainingMs() >= this.options.callTimeoutMs) return;
    if (await this.lease.renew().catch(() => false)) {
      if (this.lease.remainingMs() >= this.options.callTimeoutMs) return;
    }
    throw new AppError('lease_lost', 'the lease does not outlive the call', { retryable: true });
  }
}

/** Opens sessions: one for each account while its lease is ours and the process is not stopping. */
@Injectable()
export class KlaviyoSessions {
  constructor(
    private readonly api: KlaviyoApi,
    private readonly quota: Quota,
    private readonly settings: Settings,
  ) {}

  open(accountKey: string, lease: CallLease, stop: AbortSignal): KlaviyoSession {
    const { api, quota, settings } = this;
    const ended = AbortSignal.any([stop, lease.signal]);
    return new KlaviyoSession({ api, quota, callTimeoutMs: settings.callTimeoutMs }, accountKey, lease, ended);
  }
}
