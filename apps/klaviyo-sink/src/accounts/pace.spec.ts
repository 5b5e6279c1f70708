import { describe, expect, it } from '@jest/globals';
import { backoffMs } from './backoff';
import { Concurrency } from './concurrency';

describe('concurrency', () => {
  it('grows with success up to its maximum and halves when Klaviyo throttles', () => {
    const concurrency = new Concurrency(4);
    expect(concurrency.limit).toBe(2);
    for (let calls = 0; calls < 20; calls += 1) concurrency.succeeded();
    expect(concurrency.limit).toBe(4);
    concurrency.throttled();
    concurrency.throttled();
    concurrency.throttled();
    expect(concurrency.limit).toBe(1);
  });
});

describe('backoff', () => {
  it('doubles up to its cap and keeps to the upper half', () => {
    const backoff = { baseMs: 1_000, capMs: 8_000 };
    expect([1, 2, 3, 9].map((tries) => backoffMs(tries, backoff, () => 0))).toEqual([500, 1_000, 2_000, 4_000]);
    expect(backoffMs(9, backoff, () => 1)).toBe(8_000);
  });

  it('spends some minutes over eight tries with the default settings', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7].map((tries) => backoffMs(tries, { baseMs: 2_500, capMs: 80_000 }, () => 0.5));
    const totalMs = pauses.reduce((sum, ms) => sum + ms, 0);
    expect(totalMs).toBeGreaterThan(150_000);
    expect(totalMs).toBeLessThan(300_000);
  });
});
