import { describe, expect, it } from '@jest/globals';
import { nextVersion } from './next-version';

const now = new Date('2026-11-28T06:00:00.900Z');
const seconds = 1_795_845_600;

describe('nextVersion', () => {
  it('is above what was seen before a restore took the newest versions back', () => {
    expect(nextVersion(1, now)).toBe(seconds);
  });

  it('grows with each change of a second, and while the clock is behind', () => {
    expect(nextVersion(seconds, now)).toBe(seconds + 1);
    expect(nextVersion(seconds + 90, now)).toBe(seconds + 91);
  });
});
