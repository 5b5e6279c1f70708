import { mkdtempSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { assertRoom, type FileToCopy } from './disk-room';

describe('room for a plan', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'disk-room-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A file with a hole, which takes no room itself. */
  function fileOf(share: number, file: Omit<FileToCopy, 'path'>): FileToCopy {
    const path = join(folder, 'part');
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(path, '');
    truncateSync(path, Math.floor(bavail * bsize * share));
    return { path, ...file };
  }

  const none = { compression: 'none', rows: 1_000 } as const;
  const many = { compression: 'none', rows: 10_000_000_000 } as const;

  it.each<[number, Omit<FileToCopy, 'path'>]>([
    [0.6, { ...none, format: 'parquet' }],
    [0.03, { ...many, format: 'parquet' }],
    [0.15, { ...none, format: 'csv' }],
    [0.03, { format: 'csv', compression: 'gzip', rows: 1_000 }],
  ])('is there for a file of %f of the free bytes: %j', async (share, file) => {
    await expect(assertRoom(folder, [fileOf(share, file)])).resolves.toBeUndefined();
  });

  it.each<[number, Omit<FileToCopy, 'path'>]>([
    [1.2, { ...none, format: 'parquet' }],
    [0.1, { ...many, format: 'parquet' }],
    [0.4, { ...none, format: 'csv' }],
    [0.4, { ...none, format: 'cdm-csv' }],
    [0.4, { ...none, format: 'ndjson' }],
    [0.1, { format: 'csv', compression: 'gzip', rows: 1_000 }],
    [0.1, { format: 'parquet', compression: 'gzip', rows: 1_000 }],
  ])('is not there for a file of %f of the free bytes: %j', async (share, file) => {
    const refused = assertRoom(folder, [fileOf(share, file)]);
    await expect(refused).rejects.toMatchObject({ code: 'staging_full', retryable: true });
  });

  it('is there for a file that is missing, which is named when it is opened', async () => {
    const path = join(folder, 'none');
    await expect(assertRoom(folder, [{ ...many, path, format: 'parquet' }])).resolves.toBeUndefined();
  });
});
