import { beforeAll, describe, expect, it } from '@jest/globals';
import { allowed, refused, typed } from './boundary-cases';
import { type Finding, lintTexts, lintTypedTexts } from './lint-texts';

/** The linter reads all types of the workspace, on a machine four times slower than a usual one. */
const LINTED_MAX_MS = 400_000;

describe('the boundaries', () => {
  let findings: Finding[][] = [];
  beforeAll(() => {
    findings = lintTexts([...refused, ...allowed]);
  }, LINTED_MAX_MS);

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
  }, LINTED_MAX_MS);

  it.each(typed.map((row, index) => ({ ...row, index })))('refuse $what ($rule)', ({ rule, index }) => {
    expect(findings[index]?.map((finding) => finding.rule)).toEqual([rule]);
  });
});
