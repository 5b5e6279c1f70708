import { describe, expect, it } from '@jest/globals';
import { profileLimitOf } from './connection';

describe('the profile limit of a new connection', () => {
  it.each([
    ['what is asked for', 7, 1_000_000, 7],
    ['the default', undefined, 1_000_000, 100_000],
    ['the ceiling where that is lower', undefined, 1_000, 1_000],
  ])('is %s', (_what, asked, ceiling, limit) => {
    expect(profileLimitOf(asked, ceiling)).toBe(limit);
  });
});
