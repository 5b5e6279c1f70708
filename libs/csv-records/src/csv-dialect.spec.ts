import { describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import { rfc4180, type CsvDialect } from './csv-dialect';
import { RecordScanner, type RecordReading, type RecordShape } from './record-scanner';
import { scanText } from './scan-text';
import { pieces } from './testing/pieces';
import { rfcCells } from './testing/rfc-cells';

async function scan(text: string, shape: RecordShape, reading: RecordReading, pieceBytes = 1_000) {
  const sound: Buffer[] = [];
  const scanner = new RecordScanner(shape, (range) => sound.push(Buffer.from(range)), reading);
  await scanText(pieces(Buffer.from(text), pieceBytes), scanner);
  const { rows, short, unreadable, header } = scanner;
  return { rows, short, unreadable, header, cells: rfcCells(Buffer.concat(sound).toString()) };
}

const dialect = (marks: CsvDialect['marks'], delimiter = ','): CsvDialect => ({ marks, delimiter: delimiter.charCodeAt(0) });

/** A writer of a dialect that knows nothing of the reader. */
function written(records: readonly string[][], { marks, delimiter }: CsvDialect, lineEnd: string): string {
  const separator = String.fromCharCode(delimiter);
  const needsMarks = (value: string): boolean =>
    marks === 'everywhere'
      ? /["\r\n]/.test(value) || value.includes(separator)
      : value.startsWith('"') || /[\r\n]/.test(value) || value.includes(separator);
  const cell = (value: string): string => (marks !== 'none' && needsMarks(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return records.map((record) => record.map(cell).join(separator) + lineEnd).join('');
}

const delimiters = [',', ';', '\t', '|', '^', ' ', '\u0001', 'x', '~'];

describe('a CSV dialect', () => {
  it.each(['everywhere', 'after_delimiter', 'none'] as const)(
    'has its cells read as they were written, with any delimiter, where marks are read as %s',
    async (marks) => {
      const unit = fc.constantFrom('a', 'é', '"', '"', ',', ';', '\t', ' ', ...(marks === 'none' ? [] : ['\n', '\r\n']));
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...delimiters),
          fc.array(fc.tuple(fc.string({ unit, maxLength: 6 }), fc.string({ unit, maxLength: 6 }))),
          fc.constantFrom('\n', '\r\n'),
          fc.integer({ min: 1, max: 12 }),
          async (delimiter, records, lineEnd, pieceBytes) => {
            // Without quotation marks a delimiter cannot be data.
            const clean = (text: string): string => (marks === 'none' ? text.replaceAll(delimiter, '') : text);
            const wanted = records.map((record) => record.map(clean));
            const text = written(wanted, dialect(marks, delimiter), lineEnd);
            const found = await scan(text, 2, { dialect: dialect(marks, delimiter) }, pieceBytes);
            expect(found).toMatchObject({ rows: wanted.length, unreadable: [], short: 0, cells: wanted });
          },
        ),
        { numRuns: 500, seed: 7 },
      );
    },
  );

  it('counts the same records whether the columns are known or not, for any bytes, however they are cut', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', '"', ',', ';', '\n', '\r'), maxLength: 40 });
    const marks = fc.constantFrom<CsvDialect['marks']>('everywhere', 'after_delimiter', 'none');
    await fc.assert(
      fc.asyncProperty(text, marks, fc.integer({ min: 1, max: 9 }), async (bytes, read, pieceBytes) => {
        const reading = { dialect: dialect(read, ';'), fillsShort: true };
        const { rows, cells, short, unreadable } = await scan(bytes, 2, reading, pieceBytes);
        expect((await scan(bytes, 'any', reading)).rows).toBe(rows);
        expect(await scan(bytes, 2, reading)).toMatchObject({ rows, cells, short, unreadable });
        expect(cells.filter((record) => record.length !== 2)).toEqual([]);
        expect(cells).toHaveLength(rows - unreadable.length);
      }),
      { numRuns: 3_000, seed: 7 },
    );
  });

  it.each<[CsvDialect['marks'], string, string[][] | 'unreadable']>([
    ['none', '"VIP",5" x', [['"VIP"', '5" x']]],
    ['none', '"a,b"', [['"a', 'b"']]],
    ['none', '"", ""', [['""', ' ""']]],
    ['after_delimiter', '5" x,"a, ""b"""', [['5" x', 'a, "b"']]],
    ['after_delimiter', ' "a",b"', [[' "a"', 'b"']]],
    ['after_delimiter', '"a"x,b', 'unreadable'],
    ['everywhere', '5" x,b', 'unreadable'],
    ['everywhere', '"a"x,b', 'unreadable'],
  ])('with marks as %s reads %j', async (marks, line, expected) => {
    const found = await scan(`${line}\n1,2\n`, 2, { dialect: dialect(marks) });
    const wanted =
      expected === 'unreadable' ? { unreadable: [1], cells: [['1', '2']] } : { unreadable: [], cells: [...expected, ['1', '2']] };
    expect(found).toMatchObject({ rows: 2, ...wanted });
  });

  it('ends a record with its line where marks are data', async () => {
    const found = await scan('"a,1\nb",2\n"c\r\n,3\n', 2, { dialect: dialect('none') });
    expect(found).toMatchObject({
      rows: 4,
      unreadable: [3],
      cells: [
        ['"a', '1'],
        ['b"', '2'],
        ['', '3'],
      ],
    });
  });

  it('has the delimiters of a record replaced, and its cells not taken apart, where that is enough', () => {
    const records = [`a;"b;,""c"";";é\n`, `;"";\r\n`, `"""";"\n;";x\n`];
    const texts = jest.spyOn(Buffer.prototype, 'toString');
    const sound: Buffer[] = [];
    try {
      const scanner = new RecordScanner(3, (range) => sound.push(range), { dialect: dialect('everywhere', ';') });
      scanner.scan(Buffer.from(records.join('')), true);
      expect(texts).not.toHaveBeenCalled();
    } finally {
      texts.mockRestore();
    }
    expect(Buffer.concat(sound).toString()).toBe(`a,"b;,""c"";",é\n,"",\n"""","\n;",x\n`);
  });

  it.each<[CsvDialect['marks'], string, string[]]>([
    ['everywhere', 'a,b;c', ['a,b', 'c']],
    ['everywhere', '"a,b";c,', ['a,b', 'c,']],
    ['after_delimiter', 'a"b;"c;d"', ['a"b', 'c;d']],
    ['after_delimiter', '"a""";b""c', ['a"', 'b""c']],
    ['none', '"a";b"', ['"a"', 'b"']],
    ['none', 'a,;b', ['a,', 'b']],
  ])('has cells quoted that need it now, with marks as %s: %j', async (marks, line, cells) => {
    const found = await scan(`${line}\n1;2\n`, 2, { dialect: dialect(marks, ';') });
    expect(found).toMatchObject({ rows: 2, unreadable: [], cells: [cells, ['1', '2']] });
  });

  it('may name its columns in a header of the same dialect', async () => {
    const found = await scan('"E;mail";Name\na;5" x\n', 'header', { dialect: dialect('after_delimiter', ';') });
    expect(found).toMatchObject({ header: ['E;mail', 'Name'], rows: 1, cells: [['a', '5" x']] });
  });
});

describe('records that lack their last cells', () => {
  const text = 'a,1,x\nb,2\r\n"c\nd"\n,\ne,5,y,z\n\nf,6,';

  it('are filled and counted where that is wanted; those with more cells are unreadable', async () => {
    expect(await scan(text, 3, { fillsShort: true }, 4)).toMatchObject({
      rows: 6,
      short: 3,
      unreadable: [5],
      cells: [
        ['a', '1', 'x'],
        ['b', '2', ''],
        ['c\nd', '', ''],
        ['', '', ''],
        ['f', '6', ''],
      ],
    });
  });

  it('are filled from one buffer, whose bytes are counted, however many they are', async () => {
    const ranges: Buffer[] = [];
    const scanner = new RecordScanner(10_000, (range) => ranges.push(range), { fillsShort: true });
    await scanText(pieces(Buffer.from('a\n'.repeat(5_000)), 1_000), scanner);
    expect(ranges.reduce((sum, range) => sum + range.length, 0)).toBe(5_000 * 10_001);
    expect(scanner).toMatchObject({ rows: 5_000, short: 5_000, filledBytes: 5_000 * 9_999 });
    const held = new Set(ranges.map(({ buffer }) => buffer));
    expect([...held].reduce((sum, { byteLength }) => sum + byteLength, 0)).toBeLessThan(1_000_000);
  });

  it('are unreadable otherwise', async () => {
    expect(await scan(text, 3, { dialect: rfc4180 })).toMatchObject({ rows: 6, short: 0, unreadable: [2, 3, 4, 5] });
  });

  it('are filled in any dialect, and behind a header', async () => {
    const reading = { dialect: dialect('none', ';'), fillsShort: true };
    expect(await scan('a"\r\nb;2\n', 2, reading)).toMatchObject({
      short: 1,
      cells: [
        ['a"', ''],
        ['b', '2'],
      ],
    });
    expect(await scan('x;y\na"\nb;2\n', 'header', reading)).toMatchObject({
      rows: 2,
      short: 1,
      cells: [
        ['a"', ''],
        ['b', '2'],
      ],
    });
  });
});
