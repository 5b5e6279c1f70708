import { describe, expect, it } from '@jest/globals';
import { matchesTime, parseFilter, type FilterRules } from './filter';
import { Refusal } from './refusal';

const rules: FilterRules = {
  email: { operators: ['any', 'equals'] },
  status: { operators: ['any', 'equals'], values: ['queued', 'processing', 'complete'] },
  joined_group_at: { operators: ['greater-than', 'less-or-equal'], time: true },
};

const parse = (filter: string) => parseFilter(filter, rules, 3);

describe('parseFilter', () => {
  it('reads equals and any with quoted values, also with commas, brackets and escapes inside', () => {
    expect(parse('equals(email,"a,b@x.org")')).toEqual([{ field: 'email', operator: 'equals', values: ['a,b@x.org'] }]);
    expect(parse('any(email,["a]@x.org", "\\"q\\"@x.org"])')).toEqual([
      { field: 'email', operator: 'any', values: ['a]@x.org', '"q"@x.org'] },
    ]);
  });

  it('reads several conditions joined by commas or and()', () => {
    const conditions = [
      { field: 'email', operator: 'equals', values: ['a@x.org'] },
      { field: 'joined_group_at', operator: 'greater-than', values: ['2026-01-02T03:04:05Z'] },
    ];
    expect(parse('equals(email,"a@x.org"),greater-than(joined_group_at,2026-01-02T03:04:05Z)')).toEqual(conditions);
    expect(parse('and(equals(email,"a@x.org"),greater-than(joined_group_at,2026-01-02T03:04:05Z))')).toEqual(conditions);
  });

  it.each([
    ['an unquoted text', 'equals(email,a@x.org)'],
    ['single quotes', "equals(email,'a@x.org')"],
    ['an unknown field', 'equals(shoe,"1")'],
    ['an operator that the field does not take', 'greater-than(email,"a@x.org")'],
    ['a status that is no filter value', 'any(status,["queued","cancelled"])'],
    ['a list for equals', 'equals(email,["a@x.org"])'],
    ['a single value for any', 'any(email,"a@x.org")'],
    ['an empty list', 'any(email,[])'],
    ['more values than the limit', 'any(email,["a","b","c","d"])'],
    ['a quoted time', 'greater-than(joined_group_at,"2026-01-02T03:04:05Z")'],
    ['no time at all', 'greater-than(joined_group_at,yesterday)'],
    ['a trailing comma', 'equals(email,"a@x.org"),'],
    ['rubbish', 'email=a@x.org'],
    ['nothing', ''],
  ])('refuses %s by the parameter name', (_case, filter) => {
    expect(() => parse(filter)).toThrow(Refusal);
    try {
      parse(filter);
    } catch (error) {
      expect((error as Refusal).status).toBe(400);
      expect((error as Refusal).errors[0]?.source).toEqual({ parameter: 'filter' });
    }
  });

  it('refuses a long unfinished list quickly', () => {
    const started = Date.now();
    // Each of these once for each other would be 90,000 million looks: minutes, where one look at each takes milliseconds.
    expect(() => parse(`any(email,[${'"a"'.repeat(300_000)}`)).toThrow(Refusal);
    expect(Date.now() - started).toBeLessThan(30_000);
  });

  it('compares times at their edges', () => {
    const time = Date.parse('2026-01-02T03:04:05Z');
    expect(matchesTime(parse('greater-than(joined_group_at,2026-01-02T03:04:05Z)'), 'joined_group_at', time)).toBe(false);
    expect(matchesTime(parse('less-or-equal(joined_group_at,2026-01-02T03:04:05Z)'), 'joined_group_at', time)).toBe(true);
  });
});
