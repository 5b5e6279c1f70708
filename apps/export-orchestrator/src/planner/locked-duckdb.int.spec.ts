import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { failureOf, LockedDuckDb } from './locked-duckdb';
import { parquetFile } from './testing/parquet-file';

// DuckDB tells failures of its disk and damaged files apart by words alone, beside the paths and the values that it quotes.
describe('a failure of the planner’s database', () => {
  let base: string;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'locked-'));
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  async function failureIn(folder: string, statement: (database: LockedDuckDb) => string): Promise<unknown> {
    const database = await LockedDuckDb.open(folder, 128);
    try {
      return await database.run('try', [statement(database)]).catch((error: unknown) => error);
    } finally {
      database.close();
    }
  }
  const folderOf = (name: string): string => {
    mkdirSync(join(base, name));
    return join(base, name);
  };

  it.each(['plain', 'ready', 'Read-replica', "already 'read'"])(
    'is one of the disk, whatever the folder is called: %s',
    async (name) => {
      const failure = await failureIn(folderOf(name), (database) => `COPY (SELECT 1) TO ${database.file('no/where')}`);
      expect(failure).toMatchObject({ code: 'planner_disk_failed', retryable: true });
    },
  );

  it.each(['plain', 'ready'])('is none of the disk where a file points behind its end: %s', async (name) => {
    const folder = folderOf(name);
    const file = await parquetFile(`SELECT 'p' || i || '@x.de' AS "Email" FROM range(1000) r(i)`);
    file.fill(0xff, 20, 200);
    file.writeUInt32LE(file.length * 4, file.length - 8);
    writeFileSync(join(folder, 'part'), file);
    const failure = await failureIn(folder, (database) => `SELECT * FROM read_parquet(${database.file('part')})`);
    expect(failure).toMatchObject({ code: 'planner_query_failed', retryable: false });
  });

  it('is a full disk where nothing more can be written', async () => {
    const failure = await failureIn('/dev', (database) => `COPY (FROM range(100000)) TO ${database.file('full')} (FORMAT csv)`);
    expect(failure).toMatchObject({ code: 'staging_full', retryable: true });
  });

  it.each([
    ['IO Error: Cannot open file "/srv/a": Read-only file system', 'planner_disk_failed'],
    ['IO Error: Could not write file "/srv/a": Disk quota exceeded', 'staging_full'],
    ['IO Error: Could not read from file "/srv/a": Input/output error', 'planner_query_failed'],
    ['Conversion Error: Could not convert string "No space left on device" to INT32', 'planner_query_failed'],
    ['IO Error: No files found that match "No space left on device"', 'planner_disk_failed'],
  ])('is told by its words: %s', (text, code) => {
    expect(failureOf('try', text)).toMatchObject({ code });
  });
});
