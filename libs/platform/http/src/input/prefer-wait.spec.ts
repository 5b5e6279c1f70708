import { describe, expect, it } from '@jest/globals';
import { preferredWaitMs } from './prefer-wait';

describe('Prefer: wait', () => {
  it.each([
    [undefined, 0],
    ['respond-async', 0],
    ['wait=5', 5_000],
    ['respond-async, wait=10', 10_000],
    ['Wait = "3"', 3_000],
    ['wait=0', 0],
    ['wait=600', 30_000],
  ])('%p waits %i ms', (header, waitMs) => {
    expect(preferredWaitMs(header)).toBe(waitMs);
  });

  it.each(['wait', 'wait=', 'wait=soon', 'wait=-1', 'wait=1.5'])('%p is refused', (header) => {
    expect(() => preferredWaitMs(header)).toThrow(expect.objectContaining({ status: 400, code: 'invalid_preference' }));
  });
});
