import { describe, expect, it } from '@jest/globals';
import { decodeBatch, encodeBatch } from './batch-lines';

const lines = [
  { email: 'ada@example.com', profileJson: '{"type":"profile","attributes":{"email":"ada@example.com","first_name":"Zoë"}}' },
  { email: 'b@example.com', profileJson: '{"a":"tab \\t and line \\n"}' },
  { email: 'c@example.com', profileJson: '{}' },
];

describe('batch lines', () => {
  it('come back as they were', () => {
    const batch = decodeBatch(encodeBatch(lines));
    expect(batch.size).toBe(3);
    expect(lines.map((_, line) => ({ email: batch.email(line), profileJson: batch.profileJson(line) }))).toEqual(lines);
  });

  it('join any choice of profiles into an array without parsing them', () => {
    const batch = decodeBatch(encodeBatch(lines));
    expect(JSON.parse(`[${batch.join([0, 2]).toString('utf8')}]`)).toEqual([JSON.parse(lines[0]?.profileJson ?? ''), {}]);
    expect(batch.join([])).toHaveLength(0);
    expect(batch.profileBytes(2)).toBe(2);
  });

  it('are none in an empty batch', () => {
    expect(decodeBatch(encodeBatch([])).size).toBe(0);
  });

  it.each(['a@x.de', 'a@x.de\t{}', 'a@x.de{}\n', 'a@x.de\t{}\nb@x.de\n'])('are refused where a part is missing: %j', (text) => {
    expect(() => decodeBatch(Buffer.from(text))).toThrow(expect.objectContaining({ code: 'staged_object_damaged' }));
  });

  it('are never written with a raw separator inside', () => {
    expect(() => encodeBatch([{ email: 'a@x.de', profileJson: '{\n}' }])).toThrow(
      expect.objectContaining({ code: 'batch_line_invalid' }),
    );
  });

  it('are not read beyond the end', () => {
    expect(() => decodeBatch(encodeBatch(lines)).email(3)).toThrow(RangeError);
  });
});
