import { describe, expect, it } from '@jest/globals';
import { addCounts, addReasons, assertAddsUp } from './outcome';

describe('an outcome', () => {
  it('adds up over the submissions', () => {
    const counts = { accepted: 1, rejected: 2, unconfirmed: 3, notAttempted: 4 };
    expect(addCounts([counts, counts])).toEqual({ accepted: 2, rejected: 4, unconfirmed: 6, notAttempted: 8 });
    expect(addReasons([{ invalid: 1 }, { invalid: 2, duplicate: 1 }])).toEqual({ invalid: 3, duplicate: 1 });
  });

  it('is refused when a row has no fate or two', () => {
    const counts = { accepted: 5, rejected: 0, unconfirmed: 0, notAttempted: 0 };
    expect(() => assertAddsUp(counts, 5)).not.toThrow();
    expect(() => assertAddsUp(counts, 6)).toThrow('5 of 6');
    expect(() => assertAddsUp(counts, 4)).toThrow('5 of 4');
  });
});
