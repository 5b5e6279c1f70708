import * as fc from 'fast-check';

export interface WrittenCsv {
  text: string;
  records: number;
}

interface Writing {
  quoteAll: boolean;
  lineEnd: string;
  lastLineEnd: boolean;
}

/** A writer by RFC 4180 that knows nothing of the reader. */
function write(records: readonly (readonly string[])[], { quoteAll, lineEnd, lastLineEnd }: Writing): WrittenCsv {
  const field = (value: string) => (quoteAll || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const lines = records.map((record) => record.map(field).join(',')).join(lineEnd);
  return { text: lines + (lastLineEnd && records.length > 0 ? lineEnd : ''), records: records.length };
}

const value = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r', '\r\n', '""', ' ') });
const writing = fc.record({
  quoteAll: fc.boolean(),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  lastLineEnd: fc.boolean(),
});

/** Parts as a writer leaves them: however quoted, whatever the line ends. */
export function writtenCsv(columns: number): fc.Arbitrary<WrittenCsv> {
  const record = fc.array(value, { minLength: columns, maxLength: columns });
  return fc.tuple(fc.array(record), writing).map(([records, options]) => write(records, options));
}
