import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SnapshotRoots } from './snapshot-roots';

const NOBODY = 65_534;

describe('SnapshotRoots', () => {
  let base: string;
  let roots: SnapshotRoots;
  const uri = (path: string): string => `${pathToFileURL(base).href}/${path}`;
  const code = (value: string): object => expect.objectContaining({ code: value }) as object;

  beforeAll(async () => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'roots-')));
    for (const folder of ['exp', 'export-keys', 'second']) mkdirSync(join(base, folder));
    for (const file of ['exp/part.csv', 'exp/with space.csv', 'export-keys/key', 'second/part.csv'])
      writeFileSync(join(base, file), '');
    symlinkSync(join(base, 'export-keys/key'), join(base, 'exp/link.csv'));
    symlinkSync(join(base, 'export-keys'), join(base, 'exp/folder'));
    symlinkSync(join(base, 'exp'), join(base, 'alias'));
    roots = await SnapshotRoots.of([join(base, 'exp'), pathToFileURL(join(base, 'second')).href, join(base, 'absent')]);
  });
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  it.each([
    'exp/part.csv',
    'exp/with%20space.csv',
    'exp/./x/../part.csv',
    'second/part.csv',
    'alias/part.csv',
    'exp/%2e/part.csv',
  ])('resolves %s', async (path) => {
    expect(await roots.resolve(uri(path), 'It')).toMatch(/\.csv$/);
  });

  it.each([
    'export-keys/key',
    'exp/../export-keys/key',
    'exp/%2e%2e/export-keys/key',
    'exp/.%2E/export-keys/key',
    'exp/..%2fexport-keys/key',
    'exp/link.csv',
    'exp/folder/key',
    'exp/folder/absent',
    'exp/../absent',
    'exp/part.csv%00',
    'exp/part.csv?x',
  ])('refuses %s', async (path) => {
    await expect(roots.resolve(uri(path), 'It')).rejects.toEqual(code('snapshot_outside_roots'));
  });

  it.each(['', 'part.csv', '/etc/passwd', 'https://example.com/part.csv', 'data:,x', 'file://elsewhere/part.csv'])(
    'refuses %j, which is no local file: URI',
    async (other) => {
      await expect(roots.resolve(other, 'It')).rejects.toEqual(code('snapshot_outside_roots'));
    },
  );

  it('tells a missing file from a forbidden one', async () => {
    await expect(roots.resolve(uri('exp/absent.csv'), 'It')).rejects.toEqual(code('snapshot_missing'));
    await expect(roots.resolve(uri('exp/deep/absent.csv'), 'It')).rejects.toEqual(code('snapshot_missing'));
  });

  it('allows nothing without a root', async () => {
    const none = await SnapshotRoots.of(['https://account.blob.core.windows.net/container']);
    await expect(none.resolve(uri('exp/part.csv'), 'It')).rejects.toEqual(code('snapshot_outside_roots'));
  });

  it('says of a file in a folder that may not be entered that it cannot be read', async () => {
    for (const path of ['exp/closed', 'export-keys/closed']) {
      mkdirSync(join(base, path));
      writeFileSync(join(base, path, 'part.csv'), '');
      chmodSync(join(base, path), 0);
    }
    chmodSync(base, 0o755);
    // Nothing is closed to root.
    if (process.getuid?.() === 0) process.seteuid?.(NOBODY);
    try {
      await expect(roots.resolve(uri('exp/closed/part.csv'), 'It')).rejects.toEqual(code('snapshot_unreadable'));
      await expect(roots.resolve(uri('export-keys/closed/part.csv'), 'It')).rejects.toEqual(code('snapshot_outside_roots'));
    } finally {
      if (process.getuid?.() === 0) process.seteuid?.(0);
    }
  });
});
