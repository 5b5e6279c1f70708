import { describe, expect, it } from '@jest/globals';
import { decodeCursor, encodeCursor, toPage } from './cursor';

const createdAt = new Date('2026-11-24T02:15:44.123Z');
const [a, b, c] = ['a', 'b', 'c'].map((letter) => ({ id: `0193${letter}e1c-5d0f-7d7a-8b7f-2b1d6c11aaaa`, createdAt })) as [
  Row,
  Row,
  Row,
];

interface Row {
  id: string;
  createdAt: Date;
}

describe('cursors', () => {
  it('come back as they were', () => {
    expect(decodeCursor(encodeCursor(a))).toEqual(a);
  });

  it.each([
    '',
    'x',
    'bnVsbA',
    Buffer.from('["2026","a"]').toString('base64url'),
    Buffer.from(`[9e99,"${a.id}"]`).toString('base64url'),
    Buffer.from('[1,"no uuid"]').toString('base64url'),
  ])('answers 400 for %p, which is none', (text) => {
    expect(() => decodeCursor(text)).toThrow(expect.objectContaining({ status: 400, code: 'invalid_cursor' }));
  });

  it('point behind the last shown row while there are more', () => {
    const page = toPage([c, b, a], 2, ({ id }) => id);
    expect(page.items).toEqual([c.id, b.id]);
    expect(decodeCursor(page.nextCursor ?? '').id).toBe(b.id);
    expect(toPage([c, b], 2, ({ id }) => id).nextCursor).toBeNull();
    expect(toPage([], 2, String)).toEqual({ items: [], nextCursor: null });
  });
});
