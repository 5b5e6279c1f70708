import { describe, expect, it } from '@jest/globals';
import { handleRefusedImport, namesList, STRIP_ROUNDS_MAX } from './refused-import';

const named = (position: number) => ({
  pointer: `/data/attributes/profiles/data/${position}/attributes/email`,
  code: 'invalid',
  detail: 'bad',
});
const unnamed = { pointer: '/data', code: 'invalid', detail: 'bad' };
const submission = { ranges: [[10, 19]] as [number, number][], rounds: 0, refusalsLeft: 5 };

describe('a refused import', () => {
  it('rejects the rows that Klaviyo names and sends the rest', () => {
    const next = handleRefusedImport([named(0), named(9), named(9)], submission);
    expect(next).toEqual({
      kind: 'strip',
      results: [10, 19].map((line) => ({ line, status: 'rejected', code: 'invalid', detail: 'bad' })),
      rest: [[11, 18]],
    });
  });

  it('is halved when no row is named', () => {
    expect(handleRefusedImport([unnamed], submission)).toEqual({ kind: 'bisect', halves: [[[10, 14]], [[15, 19]]] });
  });

  it('is halved when the named row is none of its own', () => {
    expect(handleRefusedImport([named(10)], submission).kind).toBe('bisect');
  });

  it('is halved when stripping went on for too long', () => {
    expect(handleRefusedImport([named(0)], { ...submission, rounds: STRIP_ROUNDS_MAX }).kind).toBe('bisect');
  });

  it('rejects a row that stands alone', () => {
    const next = handleRefusedImport([unnamed], { ...submission, ranges: [[7, 7]] });
    expect(next).toEqual({ kind: 'reject', results: [{ line: 7, status: 'rejected', code: 'invalid', detail: 'bad' }] });
  });

  it('is given up when enough calls of the batch were refused', () => {
    expect(handleRefusedImport([unnamed], { ...submission, refusalsLeft: 0 }).kind).toBe('give_up');
  });

  it('is not given up while rows are named or one stands alone', () => {
    expect(handleRefusedImport([named(0)], { ...submission, refusalsLeft: 0 }).kind).toBe('strip');
    expect(handleRefusedImport([unnamed], { ...submission, ranges: [[7, 7]], refusalsLeft: 0 }).kind).toBe('reject');
  });

  it('is told from a missing list by its pointer', () => {
    expect(namesList([{ pointer: '/data/relationships/lists/data/0/id', code: 'invalid', detail: '' }])).toBe(true);
    expect(namesList([named(1)])).toBe(false);
  });
});
