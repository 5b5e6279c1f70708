import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '@courier/kernel';
import { causeOf } from './failed-queries';
import type { VerifiedPart } from './fetch-snapshots';
import { LockedDuckDb } from './locked-duckdb';
import { parquetFile } from './testing/parquet-file';

describe('a query over a part that failed', () => {
  let folder: string;
  let database: LockedDuckDb;
  let parquet: Buffer;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'failed-'));
    database = await LockedDuckDb.open(folder, 128);
    parquet = await parquetFile(`SELECT 'p' || i || '@x.de' AS "Email" FROM range(1000) r(i)`);
  });
  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const parts = [{ segmentId: 'S', name: 'S_1.parquet' } as VerifiedPart];
  async function causeOver(content: Buffer, query: string): Promise<unknown> {
    writeFileSync(join(folder, 'part'), content);
    const source = `read_parquet([${database.file('part')}])`;
    const error: unknown = await database.run('parse', [query.replace('$source', source)]).catch((thrown: unknown) => thrown);
    return causeOf(error, database, { source, parts });
  }

  it.each([
    ['nests too deeply', `SELECT ${'1 + '.repeat(2_000)}1 FROM $source`],
    ['names what is not there', 'SELECT nothing FROM $source'],
    ['is no SQL', 'SELECT FROM FROM $source'],
    ['finds a value that it cannot convert', 'SELECT sum("Email"::INTEGER) FROM $source'],
  ])('is ours and leaves the file alone where the query %s', async (_why, query) => {
    expect(await causeOver(parquet, query)).toMatchObject({ code: 'planner_query_failed' });
  });

  it.each([
    ['pages are', (file: Buffer) => file.fill(0xff, 20, 200)],
    ['the footer is', (file: Buffer) => file.fill(0xff, file.length - 60, file.length - 8)],
  ])('is the file’s where %s damaged', async (_what, damage) => {
    expect(await causeOver(damage(Buffer.from(parquet)), 'SELECT max("Email") FROM $source')).toMatchObject({
      code: 'snapshot_unreadable',
      message: expect.stringContaining('S_1.parquet'),
    });
  });

  it('stays what it is where no query was at fault', async () => {
    const error = new AppError('planner_out_of_memory', 'no memory', { retryable: true });
    writeFileSync(join(folder, 'part'), 'no Parquet');
    expect(await causeOf(error, database, { source: `read_parquet([${database.file('part')}])`, parts })).toBe(error);
  });
});
