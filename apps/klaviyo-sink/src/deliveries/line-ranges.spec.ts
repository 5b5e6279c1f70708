import { describe, expect, it } from '@jest/globals';
import { bisect, countLines, lineAt, linesOf, toRanges, withoutLines } from './line-ranges';

describe('line ranges', () => {
  it('find the line that a position of the request stands for, over gaps', () => {
    const ranges = toRanges([0, 1, 4, 7, 8]);
    expect([0, 1, 2, 3, 4, 5].map((position) => lineAt(ranges, position))).toEqual([0, 1, 4, 7, 8, undefined]);
  });

  it('lose exactly the removed lines', () => {
    expect(withoutLines([[0, 4]], new Set([0, 3]))).toEqual([
      [1, 2],
      [4, 4],
    ]);
  });

  it('split into halves that hold every line once', () => {
    const [left, right] = bisect([
      [0, 2],
      [5, 8],
    ]);
    expect([...linesOf(left), ...linesOf(right)]).toEqual([0, 1, 2, 5, 6, 7, 8]);
    expect(countLines(left)).toBe(4);
  });
});
