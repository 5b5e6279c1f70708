import { describe, expect, it } from '@jest/globals';
import { cultureOf } from './culture';

const spaces = [' ', '\u00a0', '\u202f', '\u2009'];

describe('cultureOf', () => {
  it.each<[string | null, string, readonly string[], ReturnType<typeof cultureOf>['dayMonth']]>([
    [null, '.', [], null],
    ['en-US', '.', [','], 'month_first'],
    ['en-GB', '.', [','], 'day_first'],
    ['de-DE', ',', ['.'], 'day_first'],
    ['de', ',', ['.'], 'day_first'],
    ['de-CH', '.', ["'", '\u2019'], 'day_first'],
    ['fr-FR', ',', spaces, 'day_first'],
    ['sv-SE', ',', spaces, null],
    ['hu-HU', ',', spaces, null],
    ['ja-JP', '.', [','], null],
    ['hi-IN', '.', [','], 'day_first'],
    ['th-TH', '.', [','], null],
    ['fa-IR', '.', [','], null],
  ])('knows %s', (tag, decimal, groups, dayMonth) => {
    expect(cultureOf(tag)).toEqual({ decimal, groups, dayMonth });
  });
});
