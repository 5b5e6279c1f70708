import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rfc4180 } from '@courier/csv-records';
import { AppError } from '@courier/kernel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fetchPart, type FetchedPart } from './fetch-part';

describe('a part of records that lack almost all their cells', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fetch-part-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const target = (): string => join(folder, 'copy');

  function fetched(rows: number, columns: number, onText: (bytes: number) => void): Promise<FetchedPart> {
    const source = join(folder, 'part.csv');
    writeFileSync(source, 'a\n'.repeat(rows));
    const described = {
      columns: Array.from({ length: columns }, (_, place) => ({ name: `c${place}`, dataType: undefined })),
      reading: { hasHeader: false, encoding: 'utf-8', culture: null, dialect: rfc4180 } as const,
    };
    const partition = { uri: 'file:///part.csv', rows };
    return fetchPart(
      { source, target: target(), partition, format: 'cdm-csv', compression: 'none', described, what: 'Part 1' },
      { onBytes: () => undefined, onText },
    );
  }

  it('becomes text that counts, whole', async () => {
    let text = 0;
    expect(await fetched(300_000, 4, (bytes) => (text += bytes))).toMatchObject({ rows: 300_000, short: 300_000 });
    expect(text).toBe(300_000 * 5);
    expect(readFileSync(target(), 'latin1')).toBe('a,,,\n'.repeat(300_000));
  });

  it('is copied in little memory, whatever it grows to', async () => {
    const before = process.resourceUsage().maxRSS;
    await fetched(20_000, 10_000, () => undefined);
    expect(statSync(target()).size).toBe(20_000 * 10_001);
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(150_000);
  });

  it('ends where its text is more than a run may have, before the rest is written', async () => {
    let text = 0;
    const limit = (bytes: number): void => {
      text += bytes;
      if (text > 10_000_000) throw new AppError('not_supported', 'too much text');
    };
    await expect(fetched(20_000, 10_000, limit)).rejects.toMatchObject({ code: 'not_supported' });
    expect(statSync(target()).size).toBeLessThan(10_000_000);
  });
});
