import { describe, expect, it } from '@jest/globals';
import { encodeInvalidRows, placeInvalidRows } from './invalid-rows';

const part = (name: string, rows: number, unreadable: number[], firstOrdinal: number) => ({
  part: { segmentId: 'S', name, rows, unreadable },
  firstOrdinal,
});

describe('placeInvalidRows', () => {
  const parts = [part('1.csv', 6, [1, 2, 5], 0), part('2.csv', 2, [1, 2], 3), part('3.csv', 3, [], 3)];

  it('counts unreadable records when it numbers those behind them', () => {
    const judged = [0, 2, 4].map((ordinal) => ({ ordinal, code: 'email_missing' as const, email: null }));
    expect([...placeInvalidRows(judged, parts)].map(({ file, row, code }) => `${file} ${row} ${code}`)).toEqual([
      '1.csv 1 line_unreadable',
      '1.csv 2 line_unreadable',
      '1.csv 3 email_missing',
      '1.csv 5 line_unreadable',
      '1.csv 6 email_missing',
      '2.csv 1 line_unreadable',
      '2.csv 2 line_unreadable',
      '3.csv 2 email_missing',
    ]);
  });

  it('names the segment and the address', () => {
    const [row] = placeInvalidRows([{ ordinal: 0, code: 'email_malformed', email: 'x@' }], [part('1.csv', 1, [], 0)]);
    expect(row).toEqual({ code: 'email_malformed', segmentId: 'S', file: '1.csv', row: 1, email: 'x@' });
  });
});

describe('encodeInvalidRows', () => {
  it('writes a line for each row, however many', () => {
    const rows = Array.from({ length: 20_001 }, (_, row) => ({
      code: 'email_missing' as const,
      segmentId: 'S',
      file: '1.csv',
      row,
      email: null,
    }));
    const lines = encodeInvalidRows(rows).toString().trimEnd().split('\n');
    expect(lines).toHaveLength(rows.length);
    expect(lines.every((line, index) => line === JSON.stringify(rows[index]))).toBe(true);
  });
});
