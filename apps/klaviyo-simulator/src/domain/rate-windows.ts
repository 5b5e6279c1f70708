import { bucketTiers, type Tier } from './operations';

export type Admission = { admitted: true; tier: Tier; remaining: number } | { admitted: false; retryAfterSeconds: number };

interface Window {
  second: number;
  inSecond: number;
  minute: number;
  inMinute: number;
}

/**
 * Fixed windows of one second and one minute per (account, bucket), counted from the clock's own seconds and minutes. A call may draw
 * on several buckets and takes from all or none. A refused call takes nothing.
 */
export class RateWindows {
  enabled = true;
  private overrides = new Map<string, Tier>();
  private windows = new Map<string, Window>();

  tierOf(bucket: string): Tier {
    const tier = this.overrides.get(bucket) ?? bucketTiers[bucket];
    if (!tier) throw new Error(`no rate limit tier for ${bucket}`);
    return tier;
  }

  override(tiers: Record<string, Tier>): void {
    this.overrides = new Map(Object.entries(tiers));
  }

  overridden(): Record<string, Tier> {
    return Object.fromEntries(this.overrides);
  }

  clear(): void {
    this.windows = new Map();
  }

  take(account: string, buckets: readonly string[], now: number): Admission {
    const drawn = buckets.map((bucket) => ({ tier: this.tierOf(bucket), window: this.windowOf(account, bucket, now) }));
    if (this.enabled) {
      const waits = drawn.map(({ tier, window }) => waitMs(tier, window, now));
      const longest = Math.max(...waits);
      if (longest > 0) return { admitted: false, retryAfterSeconds: Math.max(1, Math.ceil(longest / 1000)) };
    }
    for (const { window } of drawn) {
      window.inSecond += 1;
      window.inMinute += 1;
    }
    const tightest = drawn.reduce((a, b) => (b.tier.burst < a.tier.burst ? b : a));
    return {
      admitted: true,
      tier: tightest.tier,
      remaining: Math.max(0, tightest.tier.burst - tightest.window.inSecond),
    };
  }

  /** Takes from the shared quota as somebody else's integration would, past the limit if need be. */
  consume(account: string, bucket: string, count: number, now: number): void {
    const window = this.windowOf(account, bucket, now);
    window.inSecond += count;
    window.inMinute += count;
  }

  private windowOf(account: string, bucket: string, now: number): Window {
    const key = `${account} ${bucket}`;
    const second = Math.floor(now / 1000);
    const minute = Math.floor(now / 60_000);
    let window = this.windows.get(key);
    if (!window) {
      window = { second, inSecond: 0, minute, inMinute: 0 };
      this.windows.set(key, window);
    }
    if (window.second !== second) Object.assign(window, { second, inSecond: 0 });
    if (window.minute !== minute) Object.assign(window, { minute, inMinute: 0 });
    return window;
  }
}

function waitMs(tier: Tier, window: Window, now: number): number {
  if (window.inMinute >= tier.steady) return 60_000 - (now % 60_000);
  if (window.inSecond >= tier.burst) return 1000 - (now % 1000);
  return 0;
}
