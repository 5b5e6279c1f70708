import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { klaviyoLimits } from '../domain/klaviyo-profile';
import { BatchCutter } from './batch-cutter';

function cut(lengths: readonly number[], rowsMax?: number, bytesMax?: number): BatchCutter['cuts'] {
  const cutter = new BatchCutter(rowsMax, bytesMax);
  for (const length of lengths) cutter.add(length);
  return cutter.cuts;
}

describe('BatchCutter', () => {
  it('fills a batch to its last row before it begins the next', () => {
    expect(cut(Array.from({ length: 20_001 }, () => 100))).toEqual([
      { first: 0, rows: 10_000 },
      { first: 10_000, rows: 10_000 },
      { first: 20_000, rows: 1 },
    ]);
  });

  it('counts the commas between the profiles', () => {
    expect(cut([4, 5], 10, 10)).toHaveLength(1);
    expect(cut([5, 5], 10, 10)).toHaveLength(2);
  });

  it('cuts nothing out of nothing', () => {
    expect(cut([])).toEqual([]);
  });

  it('keeps every limit and wastes no room that the next person would fit into', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 200 }), (lengths) => {
        const batches = cut(lengths, 7, 100);
        const bytesOf = (first: number, rows: number): number =>
          lengths.slice(first, first + rows).reduce((sum, length) => sum + length, rows - 1);
        let next = 0;
        for (const { first, rows } of batches) {
          expect(first).toBe(next);
          expect(rows).toBeLessThanOrEqual(7);
          expect(bytesOf(first, rows)).toBeLessThanOrEqual(100);
          next = first + rows;
          if (next < lengths.length) expect(rows === 7 || bytesOf(first, rows + 1) > 100).toBe(true);
        }
        expect(next).toBe(lengths.length);
      }),
      { seed: 7 },
    );
  });

  it('leaves room for the request around the profiles', () => {
    const largest = Array.from({ length: 100 }, () => klaviyoLimits.profileBytesMax);
    const rows = cut(largest)[0]?.rows ?? 0;
    expect(rows * (klaviyoLimits.profileBytesMax + 1) + klaviyoLimits.envelopeBytes).toBeLessThanOrEqual(
      klaviyoLimits.batchBytesMax + 1,
    );
  });
});
