import { describe, expect, it } from '@jest/globals';
import { isUtf8 } from 'node:buffer';
import { columns, type SegmentRow } from './columns';
import { csvRecord, unreadableRecord } from './csv';

const row = (values: Partial<SegmentRow>): SegmentRow => ({
  ...(Object.fromEntries(columns.map(({ name }) => [name, ''])) as SegmentRow),
  ...values,
});

describe('csvRecord', () => {
  it('quotes line breaks, commas, quotation marks and blank edges, and doubles quotation marks', () => {
    const record = csvRecord(row({ CustomerId: '1', Email: ' a@b.com', FirstName: 'x"y', LastName: 'p,q', Notes: 'l1\nl2' }));
    expect(record).toBe('1," a@b.com","x""y","p,q",,,,,,,,,"l1\nl2"\n');
  });
});

describe('unreadableRecord', () => {
  const person = row({ CustomerId: '1', Email: 'a@b.com' });
  const fields = (record: Buffer): number => record.toString('latin1').split(',').length;

  it('is one line, and wrong in its columns, its quotation marks or its encoding', () => {
    const made = [0, 1, 2, 3].map((choice) => Buffer.from(unreadableRecord(person, choice, true)));
    const [marked, long, quoted, encoded] = made as [Buffer, Buffer, Buffer, Buffer];
    for (const record of made) expect(record.indexOf('\n')).toBe(record.length - 1);
    expect(marked.toString()).toMatch(/^1 "within"/);
    expect(fields(long)).toBeGreaterThan(columns.length);
    expect(quoted.toString()).toMatch(/^"1"text/);
    expect(isUtf8(encoded)).toBe(false);
  });

  it('is text where its bytes depend on an encoding', () => {
    for (const choice of [0, 1, 2, 3]) expect(typeof unreadableRecord(person, choice, false)).toBe('string');
  });
});
