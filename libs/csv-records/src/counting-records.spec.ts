import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { recordBytesMax } from './record-finder';
import { RecordScanner } from './record-scanner';
import { scanText } from './scan-text';
import { pieces } from './testing/pieces';
import { writtenCsv } from './testing/written-csv';

async function count(text: string | Buffer, chunkBytes = 1_000_000): Promise<number> {
  const scanner = new RecordScanner('any', () => undefined);
  await scanText(pieces(Buffer.from(text), chunkBytes), scanner);
  return scanner.rows;
}

// What a publisher counts: records of any number of columns, as the file streams by.
describe('counting records', () => {
  it('counts what a writer wrote, however it quoted, ended lines and was cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(writtenCsv(2), fc.integer({ min: 1, max: 9 }), async ({ text, records }, chunkBytes) => {
        expect(await count(text, chunkBytes)).toBe(records);
      }),
    );
  });

  it('gives the number that whoever knows the columns gives, for any bytes, however they are cut', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', '"', ',', '\n', '\r', '\uFEFF'), maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (bytes, chunkBytes) => {
        const scanner = new RecordScanner(2, () => {});
        scanner.scan(Buffer.from(`${bytes}\n`), true);
        expect(await count(bytes, chunkBytes)).toBe(scanner.rows);
      }),
      { numRuns: 3_000, seed: 7 },
    );
  });

  it.each([
    ['an empty part', '', 0],
    ['a last record without a line end', 'a,b\nc,d', 2],
    ['a line break inside quotation marks', '"a\nb",c\n', 1],
    ['doubled quotation marks before a line break', '"a""\n""b",c\nd,e\n', 2],
    ['a quotation mark inside an unquoted field', 'a"b,c\nd,e\n', 2],
    ['the line behind a quotation mark inside an unquoted field, even where it looks quoted', '5"","a\nb,c\n', 2],
    ['blank lines', 'a,b\n\n\r\nc,d\n', 2],
    ['a record of one empty quoted field', '""\n', 1],
    ['a byte order mark before a quoted line break', '\uFEFF"a\nb",c\n', 1],
    ['only a byte order mark', '\uFEFF', 0],
  ])('counts %s', async (_what, text, expected) => {
    expect(await count(text)).toBe(expected);
  });

  it.each([
    ['a quotation mark that is never closed', 'a,b\n"c,d\ne,f\n', 3],
    ['text behind a closing quotation mark', '"a"x,"b\nc,d\n', 2],
    ['a lone carriage return', 'a,b\rc\nd,e\n', 2],
    ['an open quotation mark at the very end', 'a,b\n"', 2],
  ])('gives up one line for %s', async (_what, text, expected) => {
    expect(await count(text)).toBe(expected);
  });

  it('does not search for the end of a quotation mark without limit', async () => {
    const lines = 'x,y\n'.repeat(400_000);
    expect(await count(`"open\n${lines}`, 65_536)).toBe(400_001);
  });

  it('counts the lines of a quoted value beyond the limit, wherever it is cut', async () => {
    const part = `"${`${'x'.repeat(recordBytesMax / 2)}\n`.repeat(3)}",1\nc,3\n`;
    for (const chunkBytes of [part.length, 1_200_000, 300_000, 65_536]) expect(await count(part, chunkBytes)).toBe(5);
  });

  it('counts a line without end once', async () => {
    expect(await count('x'.repeat(3_000_000), 65_536)).toBe(1);
    expect(await count(`"a"${'x'.repeat(3_000_000)}\nb,c\n`, 65_536)).toBe(2);
  });
});
