import { describe, expect, it, jest } from '@jest/globals';
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
    // The second time as well.
    expect(cultureOf(tag)).toEqual({ decimal, groups, dayMonth });
  });

  it('asks the platform once for each culture', () => {
    const numbers = jest.spyOn(Intl, 'NumberFormat');
    const dates = jest.spyOn(Intl, 'DateTimeFormat');
    try {
      for (let time = 0; time < 100; time += 1) for (const tag of ['pt-BR', 'it-IT', null]) cultureOf(tag);
      expect([numbers.mock.calls.length, dates.mock.calls.length]).toEqual([2, 2]);
    } finally {
      numbers.mockRestore();
      dates.mockRestore();
    }
  });
});
