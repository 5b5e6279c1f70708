import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StagingArea } from './staging-area';
import { StagingKey } from './staging-key';
import { batchPath, ledgerPath, planPath, resultsPath } from './staged-path';

describe('StagingArea', () => {
  const content = Buffer.from('ada@example.com\t{"type":"profile"}\n');
  const path = batchPath('run-1', 1, 1);
  let base: string;
  let root: string;
  let staging: StagingArea;

  const areaWith = (fill: number): StagingArea =>
    new StagingArea(pathToFileURL(root).href, new StagingKey(Buffer.alloc(32, fill)));
  const code = (value: string): object => expect.objectContaining({ code: value }) as object;

  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'staging-'));
    root = join(base, 'root');
    staging = areaWith(1);
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  it.each(['zstd', 'none'] as const)('gives back what was written, coded as %s', async (coding) => {
    const ref = await staging.write(path, content, { coding });
    expect(ref).toEqual({
      path: 'runs/run-1/1/batch-000001',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      bytes: expect.any(Number),
    });
    expect((await staging.read(ref)).equals(content)).toBe(true);
  });

  it('keeps nothing readable on the disk and leaves no temporary file', async () => {
    await staging.write(path, content, { coding: 'none' });
    expect(readFileSync(join(root, path), 'latin1')).not.toContain('ada@example');
    expect(readdirSync(dirname(join(root, path)))).toEqual(['batch-000001']);
  });

  it('gives a writer that comes again with the same content the object that is there', async () => {
    const first = await staging.write(path, content);
    expect(await staging.write(path, content)).toEqual(first);
  });

  it('refuses another content under a name that is taken', async () => {
    const first = await staging.write(path, content);
    await expect(staging.write(path, Buffer.from('other'))).rejects.toEqual(code('staged_object_exists'));
    expect((await staging.read(first)).equals(content)).toBe(true);
  });

  it('lets one of two writers win and tells the other what is there', async () => {
    const outcomes = await Promise.allSettled(['a', 'b'].map((text) => staging.write(path, Buffer.from(text))));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it.each(['ENOSPC', 'EDQUOT'])(
    'names a disk that is full in mid-write (%s), leaves nothing half there, and goes on',
    async (full) => {
      const handle = await open(base, 'r');
      const files = Object.getPrototypeOf(handle) as { writeFile: (content: Buffer) => Promise<void> };
      await handle.close();
      const writing = jest.spyOn(files, 'writeFile').mockImplementationOnce(async function (this: typeof handle, stored) {
        await this.write(stored.subarray(0, 10));
        throw Object.assign(new Error('no space left on device'), { code: full });
      });
      await expect(staging.write(path, content)).rejects.toMatchObject({ code: 'staging_full', retryable: true });
      expect(readdirSync(dirname(join(root, path)))).toEqual([]);
      writing.mockRestore();
      expect((await staging.read(await staging.write(path, content))).equals(content)).toBe(true);
    },
  );

  it('reports an object that is gone', async () => {
    const ref = await staging.write(path, content);
    rmSync(join(root, path));
    await expect(staging.read(ref)).rejects.toEqual(code('staged_object_missing'));
    await expect(areaWith(1).read({ ...ref, path: batchPath('run-2', 1, 1) })).rejects.toEqual(code('staged_object_missing'));
  });

  it('reports any changed byte, by the digest and, with a digest that fits, by the tag', async () => {
    const ref = await staging.write(path, content);
    const stored = readFileSync(join(root, path));
    for (const at of [4, 12, 15, stored.length - 20, stored.length - 1]) {
      const changed = Buffer.from(stored);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(join(root, path), changed);
      await expect(staging.read(ref)).rejects.toEqual(code('staged_object_damaged'));
      const fitting = { ...ref, sha256: createHash('sha256').update(changed).digest('hex') };
      await expect(staging.read(fitting)).rejects.toMatchObject({
        code: expect.stringMatching(/^staged_object_damaged$|^staging_key_unknown$/),
      });
    }
  });

  it('reports a reference with another size', async () => {
    const ref = await staging.write(path, content);
    await expect(staging.read({ ...ref, bytes: ref.bytes + 1 })).rejects.toEqual(code('staged_object_damaged'));
  });

  it.each([batchPath('run-1', 1, 2), batchPath('run-1', 2, 1), batchPath('run-2', 1, 1), ledgerPath('run-1', '1')])(
    'does not open an object that was moved to %s',
    async (elsewhere) => {
      const ref = await staging.write(path, content);
      mkdirSync(dirname(join(root, elsewhere)), { recursive: true });
      writeFileSync(join(root, elsewhere), readFileSync(join(root, path)));
      await expect(staging.read({ ...ref, path: elsewhere })).rejects.toEqual(code('staged_object_damaged'));
    },
  );

  it('tells another key from a damaged object', async () => {
    const ref = await staging.write(path, content);
    await expect(areaWith(2).read(ref)).rejects.toEqual(code('staging_key_unknown'));
  });

  it.each([
    '../secret',
    'runs/../../x/y',
    'runs/a/1/..',
    'runs/a/1/.hidden',
    '/runs/a/1/b',
    'runs/a//b',
    'runs/a/1/b/c',
    'else/a/1/b',
    'runs/a/1/b\0',
  ])('refuses the path %j', async (bad) => {
    await expect(staging.write(bad, content)).rejects.toEqual(code('staged_path_invalid'));
    await expect(staging.read({ path: bad, sha256: '', bytes: 1 })).rejects.toEqual(code('staged_path_invalid'));
  });

  it('follows no link, neither in a folder nor in the last place', async () => {
    const ref = await staging.write(path, content);
    const outside = join(base, 'outside');
    mkdirSync(join(outside, '1'), { recursive: true });
    writeFileSync(join(outside, '1', 'batch-000001'), readFileSync(join(root, path)));
    symlinkSync(outside, join(root, 'runs', 'run-9'));
    await expect(staging.read({ ...ref, path: batchPath('run-9', 1, 1) })).rejects.toEqual(code('staged_path_escapes'));
    await expect(staging.write(batchPath('run-9', 1, 2), content)).rejects.toEqual(code('staged_path_escapes'));
    symlinkSync(join(root, path), join(root, 'runs', 'run-1', '1', 'batch-000002'));
    await expect(staging.read({ ...ref, path: batchPath('run-1', 1, 2) })).rejects.toEqual(code('staged_path_escapes'));
  });

  it('stops a content that unpacks to more than its reader takes', async () => {
    const ref = await staging.write(path, Buffer.alloc(1_000_000));
    expect(ref.bytes).toBeLessThan(1_000);
    await expect(staging.read(ref, { contentBytesMax: 999_999 })).rejects.toEqual(code('staged_object_too_large'));
    expect(await staging.read(ref, { contentBytesMax: 1_000_000 })).toHaveLength(1_000_000);
  });

  it('knows file: roots only', () => {
    const key = new StagingKey(Buffer.alloc(32));
    expect(() => new StagingArea('https://example.com/staging', key)).toThrow(
      expect.objectContaining({ code: 'staging_uri_unsupported' }),
    );
    expect(() => new StagingArea('/plain/path', key)).toThrow(expect.objectContaining({ code: 'staging_uri_unsupported' }));
  });

  it('names objects so that messages may carry the paths', () => {
    for (const name of [path, planPath('r', 2), resultsPath('r', 1, 12, 'd-1'), ledgerPath('l', 'v')]) {
      expect(name).toMatch(/^[A-Za-z0-9/_.-]+$/);
    }
  });
});

describe('StagingKey', () => {
  let folder: string;
  const fileWith = (text: string): string => {
    const file = join(folder, 'key');
    writeFileSync(file, text);
    return file;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'staging-key-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('reads base64 of 32 bytes, with or without a line end', () => {
    const text = Buffer.alloc(32, 9).toString('base64');
    expect(StagingKey.fromFile(fileWith(text)).id.equals(StagingKey.fromFile(fileWith(`${text}\n`)).id)).toBe(true);
  });

  it.each(['', 'c2hvcnQ=', '!'.repeat(44), Buffer.alloc(33).toString('base64')])('refuses %j', (text) => {
    expect(() => StagingKey.fromFile(fileWith(text))).toThrow(expect.objectContaining({ code: 'staging_key_invalid' }));
  });

  describe('of a file with several lines', () => {
    const path = batchPath('run-1', 1, 1);
    const line = (fill: number): string => Buffer.alloc(32, fill).toString('base64');
    const area = (...fills: number[]) =>
      new StagingArea(pathToFileURL(join(folder, 'root')).href, StagingKey.fromFile(fileWith(fills.map(line).join('\n'))));

    it('writes with the first and reads with all of them', async () => {
      const old = await area(1).write(path, Buffer.from('old'));
      const older = await area(7).write(ledgerPath('l', 'v'), Buffer.from('older'), { coding: 'none' });
      const rotated = area(2, 1, 7);
      expect((await rotated.read(old)).toString()).toBe('old');
      expect((await rotated.read(older)).toString()).toBe('older');
      const young = await rotated.write(batchPath('run-1', 1, 2), Buffer.from('young'));
      expect((await area(2).read(young)).toString()).toBe('young');
      await expect(area(1, 7).read(young)).rejects.toMatchObject({ code: 'staging_key_unknown' });
      // A writer that comes again after the rotation finds what it wrote before.
      expect(await rotated.write(path, Buffer.from('old'))).toEqual(old);
    });

    it('forgets what only a key that was taken out can open', async () => {
      const old = await area(1).write(path, Buffer.from('old'));
      await expect(area(2, 3).read(old)).rejects.toMatchObject({ code: 'staging_key_unknown' });
    });

    it.each(['\r\n', '\n\n', ' \n'])('takes lines that are parted by %j', (parted) => {
      const key = StagingKey.fromFile(fileWith([line(1), line(2), ''].join(parted)));
      expect(key.withId(new StagingKey(Buffer.alloc(32, 2)).id)).not.toBeNull();
    });

    it('refuses all of it where one line is no key', () => {
      expect(() => StagingKey.fromFile(fileWith(`${line(1)}\nnot a key`))).toThrow(
        expect.objectContaining({ code: 'staging_key_invalid' }),
      );
    });
  });

  it('says that the file is missing', () => {
    expect(() => StagingKey.fromFile(join(folder, 'none'))).toThrow(expect.objectContaining({ code: 'staging_key_missing' }));
  });

  it('gives every run and every ledger another key', () => {
    const key = new StagingKey(Buffer.alloc(32, 9));
    const keys = [key.keyFor('runs', 'a'), key.keyFor('runs', 'b'), key.keyFor('ledgers', 'a')].map((one) => one.toString('hex'));
    expect(new Set(keys).size).toBe(3);
  });
});
