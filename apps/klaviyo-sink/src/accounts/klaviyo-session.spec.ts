import { describe, expect, it } from '@jest/globals';
import type { KlaviyoApi } from '../klaviyo/klaviyo-api';
import { Quota, type Turn, type TurnWait } from './quota-store';
import { type CallLease, KlaviyoSession } from './klaviyo-session';

const CALL_TIMEOUT_MS = 15_000;

class FakeQuota extends Quota {
  readonly log: string[] = [];

  constructor(private readonly turnInMs = 0) {
    super();
  }
  turn(accountKey: string, bucket: string, { maxMs = Infinity }: TurnWait): Promise<Turn> {
    this.log.push(`turn ${accountKey} ${bucket}`);
    return Promise.resolve(this.turnInMs <= maxMs ? { kind: 'come' } : { kind: 'far_off', afterMs: this.turnInMs });
  }
  waitMs(): Promise<number> {
    return Promise.resolve(this.turnInMs);
  }
  debit(): Promise<void> {
    return Promise.resolve();
  }
  block(accountKey: string, bucket: string, forMs: number): Promise<void> {
    this.log.push(`block ${accountKey} ${bucket} ${forMs}`);
    return Promise.resolve();
  }
}

function lease(remaining: number[], renewed: boolean): CallLease {
  const signal = new AbortController().signal;
  return { signal, remainingMs: () => remaining.shift() ?? 0, renew: () => Promise.resolve(renewed) };
}

function session(held: CallLease, quota = new FakeQuota()): KlaviyoSession {
  return new KlaviyoSession({ api: {} as KlaviyoApi, quota, callTimeoutMs: CALL_TIMEOUT_MS }, 'ACC', held, held.signal);
}

describe('a call under a lease', () => {
  it('starts when the lease outlives its time-out', async () => {
    const answer = await session(lease([15_000], false)).read('list', () => Promise.resolve({ kind: 'ok', value: 1 }));
    expect(answer).toEqual({ kind: 'ok', value: 1 });
  });

  it('renews a lease that would end too early', async () => {
    const answer = await session(lease([14_999, 20_000], true)).read('list', () => Promise.resolve({ kind: 'ok', value: 1 }));
    expect(answer.kind).toBe('ok');
  });

  it.each([
    ['cannot be renewed', [14_999, 20_000], false],
    ['is too short even after its renewal', [14_999, 14_999], true],
    ['ended while the call waited for its turn', [0, 0], false],
  ])('does not start when the lease %s', async (_name, remaining, renewed) => {
    let sent = 0;
    const call = session(lease(remaining, renewed)).read('list', () => {
      sent += 1;
      return Promise.resolve({ kind: 'ok', value: 1 });
    });
    await expect(call).rejects.toMatchObject({ code: 'lease_lost' });
    expect(sent).toBe(0);
  });

  it('debits the quota before it starts, and holds the account back for as long as Klaviyo says', async () => {
    const quota = new FakeQuota();
    await session(lease([20_000], true), quota).read('imports', () =>
      Promise.resolve({ kind: 'throttled', retryAfterMs: 3_000 }),
    );
    expect(quota.log).toEqual(['turn ACC imports', 'block ACC imports 3000']);
  });

  it('does not start when it is not wanted any more', async () => {
    let sent = 0;
    const answer = await session(lease([20_000], true)).call({
      bucket: 'imports',
      before: () => Promise.resolve(false),
      send: () => Promise.resolve({ kind: 'ok', value: (sent += 1) }),
    });
    expect([answer, sent]).toEqual([null, 0]);
  });

  it('does not start when its turn is further off than it may wait', async () => {
    let sent = 0;
    const answer = await session(lease([20_000], true), new FakeQuota(1_001)).call({
      bucket: 'imports',
      turnMaxMs: 1_000,
      send: () => Promise.resolve({ kind: 'ok', value: (sent += 1) }),
    });
    expect([answer, sent]).toEqual([null, 0]);
  });

  it('reads pages up to its limit and says when there are more', async () => {
    const endless = lease(
      Array.from({ length: 9 }, () => 20_000),
      true,
    );
    const pages = await session(endless).readPages({
      bucket: 'jobs',
      pagesMax: 3,
      send: (_api, cursor) =>
        Promise.resolve({ kind: 'ok', value: { items: [cursor], nextCursor: `${cursor ?? ''}x`, whole: true } }),
    });
    expect(pages).toEqual({ kind: 'ok', value: { items: [null, 'x', 'xx'], complete: false } });
  });

  it('says that a list is incomplete of which one page could not be read whole', async () => {
    const pages = await session(lease([20_000, 20_000], true)).readPages({
      bucket: 'jobs',
      pagesMax: 3,
      send: (_api, cursor) =>
        Promise.resolve({
          kind: 'ok',
          value: { items: [cursor], nextCursor: cursor === null ? 'x' : null, whole: cursor !== null },
        }),
    });
    expect(pages).toEqual({ kind: 'ok', value: { items: [null, 'x'], complete: false } });
  });
});
