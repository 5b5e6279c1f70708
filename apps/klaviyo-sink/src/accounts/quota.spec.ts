import { fuzzSeed } from '@courier/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countingStarts, nextStartMs, type QuotaBucket, quotaBuckets, quotaWindows } from './quota';

/** Starts of calls whose callers ask at these moments, as the quota would give them. */
function startsFor(asks: readonly number[], bucket: QuotaBucket, share: number): number[] {
  const windows = quotaWindows(bucket, share);
  const all: number[] = [];
  let kept: number[] = [];
  for (const nowMs of asks) {
    kept = countingStarts(kept, nowMs);
    const start = nextStartMs(kept, nowMs, windows);
    kept.push(start);
    all.push(start);
  }
  return all;
}

function mostIn(starts: readonly number[], lengthMs: number): number {
  return Math.max(...starts.map((from) => starts.filter((start) => start >= from && start < from + lengthMs).length));
}

const greedy = (calls: number) => Array.from({ length: calls }, () => 1_000_000);

describe('the quota of an account', () => {
  it('never lets more imports start than any fixed second and any fixed minute allow', () => {
    const starts = startsFor(greedy(400), 'imports', 1);
    expect(mostIn(starts, 1_000)).toBeLessThanOrEqual(10);
    expect(mostIn(starts, 60_000)).toBeLessThanOrEqual(150);
  });

  it('uses the minute nearly up when there is enough to send', () => {
    expect(mostIn(startsFor(greedy(400), 'imports', 1), 61_000)).toBe(150);
  });

  it('keeps every window for callers that come at any time', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 250 });
    fc.assert(
      fc.property(gaps, fc.constantFrom(...quotaBuckets), (between, bucket) => {
        let nowMs = 0;
        const starts = startsFor(
          between.map((gap) => (nowMs += gap)),
          bucket,
          0.9,
        );
        const windows = quotaWindows(bucket, 1);
        for (const { lengthMs, starts: most } of windows) expect(mostIn(starts, lengthMs)).toBeLessThanOrEqual(most);
      }),
      { numRuns: 60, seed: fuzzSeed },
    );
  });

  it('keeps imports apart from each other, because large bodies arrive in bunches', () => {
    const starts = startsFor(greedy(5), 'imports', 1);
    expect(starts.slice(1).every((start, index) => start - (starts[index] ?? 0) >= 100)).toBe(true);
  });

  it('leaves a part of the quota to others', () => {
    expect(mostIn(startsFor(greedy(300), 'imports', 0.5), 60_000)).toBeLessThanOrEqual(75);
  });

  it('lets one account read start a second', () => {
    const [first = 0, second = 0] = startsFor(greedy(2), 'accounts', 0.9);
    expect(second - first).toBeGreaterThanOrEqual(1_000);
  });
});
