import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordScanner } from '@courier/csv-records';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { LockedDuckDb } from './locked-duckdb';
import { readCsvSql } from './formats/csv-parts';

// What the scanner passes on, DuckDB must read: as many rows as were counted, or a part would be refused as a whole.
describe('sound records', () => {
  let folder: string;
  let database: LockedDuckDb;
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'scanner-')));
    database = await LockedDuckDb.open(folder, 128);
  });
  afterAll(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function soundOf(text: string): { rows: number; sound: Buffer } {
    const ranges: Buffer[] = [];
    const scanner = new RecordScanner(2, (range) => ranges.push(Buffer.from(range)));
    scanner.scan(Buffer.from(`${text}\n`), true);
    return { rows: scanner.rows - scanner.unreadable.length, sound: Buffer.concat(ranges) };
  }

  it('are read by DuckDB, one row each, whatever stood around them', async () => {
    const unit = fc.constantFrom('a', 'b', ',', ',', '"', '"', '\n', '\n', '\r\n', 'é', ' ', '\0', '\\', '#');
    const texts = fc.string({ unit, minLength: 5, maxLength: 60 });
    let files = 0;
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const { rows, sound } = soundOf(text);
        if (rows === 0) return;
        files += 1;
        writeFileSync(join(folder, 'part.csv'), sound);
        expect(
          await database.numbers('count', `SELECT count(*) FROM ${readCsvSql(`[${database.file('part.csv')}]`, 2)}`),
        ).toEqual([rows]);
      }),
      { numRuns: 2_000, seed: 7 },
    );
    expect(files).toBeGreaterThan(500);
  });
});
