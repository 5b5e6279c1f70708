import { describe, expect, it } from '@jest/globals';
import { decodeResults, encodeResults, type ResultLine } from './result-lines';

const results: ResultLine[] = [
  { line: 0, status: 'rejected', code: 'invalid', detail: 'bad e-mail' },
  { line: 9_999, status: 'unconfirmed', code: 'import_error_unmatched', detail: '' },
  { line: 3, status: 'notAttempted', code: 'run_stopped', detail: 'é\n' },
];

describe('result lines', () => {
  it('come back as they were', () => {
    expect(decodeResults(encodeResults(results))).toEqual(results);
    expect(decodeResults(encodeResults([]))).toEqual([]);
  });

  it('bound the detail', () => {
    const [only] = decodeResults(encodeResults([{ line: 0, status: 'rejected', code: 'c', detail: 'x'.repeat(5_000) }]));
    expect(only?.detail).toHaveLength(1_000);
  });

  it.each([
    '{"line":0,"status":"rejected","code":"c","detail":"d"}',
    'secret\n',
    '{"line":-1,"status":"rejected","code":"c","detail":"d"}\n',
    '{"line":0,"status":"accepted","code":"c","detail":"d"}\n',
    'null\n',
  ])('are refused without being quoted: %j', (text) => {
    const decode = (): unknown => decodeResults(Buffer.from(text));
    expect(decode).toThrow(expect.objectContaining({ code: 'staged_object_damaged' }));
    expect(decode).not.toThrow(/secret/);
  });
});
