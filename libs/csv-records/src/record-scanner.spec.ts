import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { recordBytesMax } from './record-finder';
import { RecordScanner } from './record-scanner';
import { writtenCsv } from './testing/written-csv';

interface Scanned {
  rows: number;
  unreadable: number[];
  sound: string;
}

/** Feeds `bytes` in pieces of `pieceBytes`, as a reader of a file does. */
function scan(bytes: Buffer, columns: number, pieceBytes = bytes.length + 1): Scanned {
  const sound: Buffer[] = [];
  const scanner = new RecordScanner(columns, (range) => sound.push(Buffer.from(range)));
  let rest: Buffer = Buffer.alloc(0);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const buffer = Buffer.concat([rest, bytes.subarray(at, at + pieceBytes)]);
    rest = buffer.subarray(scanner.scan(buffer, false));
  }
  const last = rest.length > 0 && rest.at(-1) !== 0x0a ? Buffer.concat([rest, Buffer.from('\n')]) : rest;
  expect(scanner.scan(last, true)).toBe(last.length);
  return { rows: scanner.rows, unreadable: scanner.unreadable, sound: Buffer.concat(sound).toString('latin1') };
}

const scanText = (text: string, columns: number): Scanned => scan(Buffer.from(text), columns);

describe('RecordScanner', () => {
  it('counts records, not line ends', () => {
    const text = 'a,"one\ntwo",1\r\nb,"say ""hi""\r\n",2\nc,,\n';
    expect(scanText(text, 3)).toEqual({ rows: 3, unreadable: [], sound: text.replace(',1\r\n', ',1\n') });
  });

  it('takes a last record without a line end', () => {
    expect(scanText('a,1\nb,2', 2)).toEqual({ rows: 2, unreadable: [], sound: 'a,1\nb,2\n' });
    expect(scanText('a,1\nb,"2"', 2)).toEqual({ rows: 2, unreadable: [], sound: 'a,1\nb,"2"\n' });
  });

  it('passes over a byte order mark and empty lines', () => {
    expect(scanText('\ufeffa,1\n\n\r\nb,2\n\n', 2)).toEqual({ rows: 2, unreadable: [], sound: 'a,1\nb,2\n' });
    expect(scanText('', 2)).toEqual({ rows: 0, unreadable: [], sound: '' });
  });

  it('calls records with too few or too many columns unreadable', () => {
    expect(scanText('a,1\nb\nc,1,2\nd,1\n,\n', 2)).toEqual({ rows: 5, unreadable: [2, 3], sound: 'a,1\nd,1\n,\n' });
  });

  it('calls text behind a closing quotation mark unreadable', () => {
    expect(scanText('a,"1" x\nb,2\n', 2)).toEqual({ rows: 2, unreadable: [1], sound: 'b,2\n' });
  });

  it('calls a carriage return within a line unreadable', () => {
    expect(scanText('a,1\rb,2\nc,3\n', 2)).toEqual({ rows: 2, unreadable: [1], sound: 'c,3\n' });
  });

  it.each(['a,5" x', 'a, "5"', '5"","a'])('calls a quotation mark inside an unquoted value unreadable: %j', (line) => {
    expect(scanText(`${line}\nb,2\n`, 2)).toEqual({ rows: 2, unreadable: [1], sound: 'b,2\n' });
  });

  it('gives up one record for it, although a quoted line break stands before it', () => {
    expect(scanText('"a\nb",5" x\nb,2\n', 2)).toEqual({ rows: 2, unreadable: [1], sound: 'b,2\n' });
  });

  it.each(['a,1\nb,"2\nc,3\nd,4\n', 'a,1\nb,"2\nc,"3"\nd,4\n', 'a,1\nb,"2\nc,3\nd,"4"'])(
    'gives up one line for a quotation mark that is never closed: %j',
    (text) => {
      expect(scanText(text, 2)).toMatchObject({ rows: 4, unreadable: [2] });
    },
  );

  it('calls bytes that are not UTF-8 unreadable, and only their record', () => {
    const bytes = Buffer.concat([Buffer.from('a,é\nb,'), Buffer.from([0xff]), Buffer.from('\nc,3\n')]);
    expect(scan(bytes, 2)).toMatchObject({ rows: 3, unreadable: [2] });
  });

  it('does not take a character that is cut by the end of a piece for a broken one', () => {
    expect(scan(Buffer.from('a,é€😀\nb,ü\n'), 2, 3)).toMatchObject({ rows: 2, unreadable: [] });
  });

  it('calls a record without end unreadable and keeps no more of it than a record may have', () => {
    const long = Buffer.concat([Buffer.from('a,1\nb,'), Buffer.alloc(3 * recordBytesMax, 0x78), Buffer.from('\nc,3\n')]);
    expect(scan(long, 2, 300_000)).toEqual({ rows: 3, unreadable: [2], sound: 'a,1\nc,3\n' });
    expect(scan(long, 2)).toEqual({ rows: 3, unreadable: [2], sound: 'a,1\nc,3\n' });
  });

  it('finds the same whatever the sizes of the pieces', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', ',', ',', '"', '"', '\n', '\r\n', '\r', 'é', ' ', '\uFEFF'),
      maxLength: 60,
    });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 20 }), (sample, pieceBytes) => {
        const bytes = Buffer.from(sample);
        expect(scan(bytes, 2, pieceBytes)).toEqual(scan(bytes, 2));
      }),
      { numRuns: 3_000, seed: 7 },
    );
  });

  it('finds again what a writer of CSV wrote, however it quoted, ended lines and was cut into pieces', () => {
    fc.assert(
      fc.property(writtenCsv(3), fc.integer({ min: 1, max: 30 }), ({ text, records }, pieceBytes) => {
        expect(scan(Buffer.from(text), 3, pieceBytes)).toMatchObject({ rows: records, unreadable: [] });
      }),
      { numRuns: 1_000, seed: 7 },
    );
  });

  it.each([
    ['after a quoted value with many lines', ',1\n'],
    ['when a fault stands behind them', ',5" x\n'],
    ['when a column is missing', '\n'],
  ])('gives up one line of a record with too many bytes, wherever it is cut: %s', (_what, end) => {
    const line = `${'x'.repeat(recordBytesMax / 2)}\n`;
    const bytes = Buffer.from(`"${line}${line}${line}"${end}c,3\n`);
    const whole = scan(bytes, 2);
    // Its lines have one column each; the one that closes the quotation mark is broken as well.
    expect(whole).toEqual({ rows: 5, unreadable: [1, 2, 3, 4], sound: 'c,3\n' });
    expect(scan(bytes, 2, 300_000)).toEqual(whole);
    expect(scan(bytes, 2, 1_200_000)).toEqual(whole);
  });
});
