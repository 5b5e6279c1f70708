import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { LineScanner } from './line-scanner';
import { recordBytesMax } from './record-finder';
import { scanText } from './scan-text';
import { pieces } from './testing/pieces';

async function scan(bytes: Buffer, pieceBytes = bytes.length + 1) {
  const sound: Buffer[] = [];
  const scanner = new LineScanner((range) => sound.push(Buffer.from(range)));
  await scanText(pieces(bytes, pieceBytes), scanner);
  return { rows: scanner.rows, unreadable: scanner.unreadable, sound: Buffer.concat(sound).toString('latin1') };
}

const scanLines = (text: string) => scan(Buffer.from(text));

describe('LineScanner', () => {
  it('counts lines that are not blank, with or without a last line end', async () => {
    expect(await scanLines('\ufeff{"a":1}\r\n\n \t\r\n {"b":2} \n{"c":3}')).toEqual({
      rows: 3,
      unreadable: [],
      sound: '{"a":1}\r\n {"b":2} \n{"c":3}\n',
    });
    expect(await scanLines('')).toEqual({ rows: 0, unreadable: [], sound: '' });
  });

  it('calls lines unreadable that are not between braces, and only those', async () => {
    expect(await scanLines('{"a":1}\n[1]\n{"b":\n"x"}\n{"c":3}\n')).toEqual({
      rows: 5,
      unreadable: [2, 3, 4],
      sound: '{"a":1}\n{"c":3}\n',
    });
  });

  it('calls bytes that are not UTF-8 unreadable, and only their line', async () => {
    const bytes = Buffer.concat([Buffer.from('{"a":"é"}\n{"b":"'), Buffer.from([0xff]), Buffer.from('"}\n{"c":3}\n')]);
    expect(await scan(bytes)).toMatchObject({ rows: 3, unreadable: [2] });
    expect(await scan(bytes, 3)).toMatchObject({ rows: 3, unreadable: [2] });
  });

  it('calls a line that is too long unreadable and keeps no more of it than a line may have', async () => {
    const long = Buffer.from(`{"a":1}\n{"b":"${'x'.repeat(3 * recordBytesMax)}"}\n{"c":3}\n`);
    for (const pieceBytes of [long.length, 300_000, 1_200_000]) {
      expect(await scan(long, pieceBytes)).toEqual({ rows: 3, unreadable: [2], sound: '{"a":1}\n{"c":3}\n' });
    }
  });

  it('finds the same whatever the sizes of the pieces', async () => {
    const text = fc.string({ unit: fc.constantFrom('{', '}', 'a', 'é', '\n', '\r', ' ', '\uFEFF'), maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (sample, pieceBytes) => {
        const bytes = Buffer.from(sample);
        expect(await scan(bytes, pieceBytes)).toEqual(await scan(bytes));
      }),
      { numRuns: 1_000, seed: 7 },
    );
  });
});
