import { describe, expect, it } from '@jest/globals';
import { unstorable } from './storable-json';

describe('a JSON value', () => {
  it.each([[{ a: [1, 'é😀', { b: null }] }], ['x'], [7], [null]])('can be kept: %j', (value) => {
    expect(unstorable(value)).toBeNull();
  });

  it.each([
    ['a zero in a text', { a: ['\u0000'] }, 'U+0000'],
    ['a zero in a name', { '\u0000': 1 }, 'U+0000'],
    ['half a surrogate pair', ['\ud800'], 'surrogate'],
    ['endless nesting', JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)), 'nested'],
  ])('cannot be kept with %s', (_what, value, why) => {
    expect(unstorable(value)).toContain(why);
  });
});
