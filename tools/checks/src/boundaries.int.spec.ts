import { beforeAll, describe, expect, it } from '@jest/globals';
import { allowed, refused, typed } from './boundary-cases';
import { type Finding, lintTexts, lintTypedTexts } from './lint-texts';

describe('the boundaries', () => {
  let findings: Finding[][] = [];
  beforeAll(() => {
    findings = lintTexts([...refused, ...allowed]);
  }, 90_000);

  const rulesOf = (index: number) => findings[index]?.map(({ rule }) => rule);

  it.each(refused.map((row, index) => ({ ...row, index })))('refuse $what ($rule)', ({ rule, index }) => {
    expect(rulesOf(index)).toContain(rule);
  });

  it.each(allowed.map((row, index) => ({ ...row, index: refused.length + index })))('allow $what', ({ index }) => {
    expect(findings[index]).toEqual([]);
  });
});

describe('the rules that need types', () => {
  let findings: Finding[][] = [];
  beforeAll(() => {
    findings = lintTypedTexts(typed);
  }, 90_000);

  it.each(typed.map((row, index) => ({ ...row, index })))('refuse $what ($rule)', ({ rule, index }) => {
    expect(findings[index]?.map((finding) => finding.rule)).toEqual([rule]);
  });
});
