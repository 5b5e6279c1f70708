import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Snapshot } from '@courier/contracts';
import { planHere, type Ran } from './testing/planner-harness';
import { csvLine, emailAndName, SnapshotFolder } from './testing/snapshot-folder';

// A snapshot is used only when digests, sizes and counts agree, and only from an allowed root.
describe('a snapshot that cannot be trusted', () => {
  let folder: SnapshotFolder;
  let snapshot: Snapshot;
  const secret = 'secret.person@example.com';

  beforeEach(() => {
    folder = new SnapshotFolder();
    const lines = [secret, 'b@x.de', 'c@x.de'].map((email) => csvLine(['1', email, 'Ada']));
    snapshot = folder.people('S', lines.slice(0, 2), lines.slice(2));
  });
  afterEach(() => folder.remove());

  function expectRefused(ran: Ran, code: string): void {
    expect(ran.outcome).toEqual({ kind: 'failed', code, detail: expect.any(String) });
    expect(JSON.stringify(ran.outcome)).not.toContain(secret);
    expect([ran.frozen, ran.staged]).toEqual([[], []]);
  }

  const withPart = (change: object): Snapshot => ({
    ...snapshot,
    partitions: snapshot.partitions.map((part, index) => (index === 1 ? { ...part, ...change } : part)),
  });
  const refuse = async (changed: Snapshot, code: string): Promise<void> =>
    expectRefused(await planHere(folder.job([changed])), code);

  it('is planned as long as nothing is wrong with it', async () => {
    expect((await planHere(folder.job([snapshot]))).outcome.kind).toBe('planned');
  });

  it('is refused when one byte of a part differs', () =>
    refuse(withPart({ sha256: 'a'.repeat(64) }), 'snapshot_digest_mismatch'));

  it('is refused when a part has another size', async () => {
    await refuse(withPart({ bytes: 5, sha256: undefined }), 'snapshot_size_mismatch');
    appendFileSync(join(folder.root, 'S_2.csv'), '"1","d@x.de","x"\n');
    await refuse(snapshot, 'snapshot_size_mismatch');
  });

  it('is refused when a part has another number of records, even if the sum is right', async () => {
    await refuse({ ...withPart({ rows: 2 }), rowCount: 4 }, 'snapshot_count_mismatch');
    const [first, second] = snapshot.partitions;
    if (!first || !second) throw new Error('two parts expected');
    await refuse(
      {
        ...snapshot,
        partitions: [
          { ...first, rows: 1 },
          { ...second, rows: 2 },
        ],
      },
      'snapshot_count_mismatch',
    );
  });

  it('is refused when its parts do not add up', () => refuse({ ...snapshot, rowCount: 4 }, 'snapshot_count_mismatch'));

  it('is refused when a part or the manifest is missing', async () => {
    await refuse({ ...snapshot, manifestUri: folder.uri('none.json') }, 'snapshot_missing');
    rmSync(join(folder.root, 'S_2.csv'));
    await refuse(snapshot, 'snapshot_missing');
  });

  it.each(['../outside.csv', '%2e%2e/outside.csv', '..%2foutside.csv', '../exports-2/outside.csv'])(
    'is refused when a part lies outside the roots: %s',
    async (path) => {
      mkdirSync(join(folder.base, 'exports-2'));
      for (const name of ['outside.csv', 'exports-2/outside.csv'])
        writeFileSync(join(folder.base, name), csvLine(['1', secret, 'x']));
      await refuse(withPart({ uri: `${folder.uri('')}/${path}`, bytes: undefined, sha256: undefined }), 'snapshot_outside_roots');
    },
  );

  it('is refused when a part is a link to a file outside the roots', async () => {
    writeFileSync(join(folder.base, 'outside.csv'), csvLine(['1', secret, 'x']));
    symlinkSync(join(folder.base, 'outside.csv'), join(folder.root, 'link.csv'));
    await refuse(withPart({ uri: folder.uri('link.csv'), bytes: undefined, sha256: undefined }), 'snapshot_outside_roots');
  });

  it.each(['https://account.blob.core.windows.net/c/S_2.csv', 'file://elsewhere/S_2.csv'])(
    'is refused when a part is at %s',
    (uri) => refuse(withPart({ uri }), 'snapshot_outside_roots'),
  );

  it.each([
    'https://account.dfs.core.windows.net/lake/S_1.csv?sig=secret',
    'file:///elsewhere/S_1.csv',
    '../outside.csv',
    'C:\\lake\\S_1.csv',
    '%ff',
    null,
  ])('is planned when model.json names a place that is not read: %s', async (location) => {
    writeFileSync(
      join(folder.root, 'S.model.json'),
      JSON.stringify({ entities: [{ name: 'S', attributes: emailAndName, partitions: [{ name: 'x', location }] }] }),
    );
    expect((await planHere(folder.job([snapshot]))).outcome.kind).toBe('planned');
  });

  it('is refused when a part is no regular file', async () => {
    mkdirSync(join(folder.root, 'folder.csv'));
    await refuse(withPart({ uri: folder.uri('folder.csv') }), 'snapshot_unreadable');
  });

  it('is planned when model.json begins with a byte order mark', async () => {
    const file = join(folder.root, 'S.model.json');
    writeFileSync(file, `\uFEFF${readFileSync(file, 'utf8')}`);
    expect((await planHere(folder.job([snapshot]))).outcome.kind).toBe('planned');
  });

  it('is refused when model.json is broken or does not know the entity', async () => {
    await refuse({ ...snapshot, entity: 'Other' }, 'snapshot_unreadable');
    await refuse({ ...snapshot, manifestUri: undefined }, 'snapshot_unreadable');
    writeFileSync(join(folder.root, 'S.model.json'), '{');
    await refuse(snapshot, 'snapshot_unreadable');
  });

  it('is refused when it has expired, and not before', async () => {
    await refuse({ ...snapshot, expiresAt: '2020-01-01T00:00:00+01:00' }, 'snapshot_expired');
    expect((await planHere(folder.job([{ ...snapshot, expiresAt: '2999-01-01T00:00:00Z' }]))).outcome.kind).toBe('planned');
  });

  it('is planned past its time where it is the newest, as long as its files are there', async () => {
    const late = { ...snapshot, expiresAt: '2020-01-01T00:00:00Z' };
    const newest = (of: Snapshot) => folder.job([], { snapshots: [{ segmentId: 'Static', snapshot: of, isNewest: true }] });
    expect((await planHere(newest(late))).outcome.kind).toBe('planned');
    rmSync(join(folder.root, 'S_1.csv'));
    const gone = await planHere(newest(late));
    expectRefused(gone, 'snapshot_expired');
    const detail = 'Part 1 of segment Static does not exist; its snapshot expired at 2020-01-01T00:00:00Z';
    expect(gone.outcome).toMatchObject({ detail });
    const young = await planHere(newest({ ...snapshot, expiresAt: '2999-01-01T00:00:00Z' }));
    expect(young.outcome).toMatchObject({ code: 'snapshot_missing', detail: 'Part 1 of segment Static does not exist' });
    const withoutManifest = await planHere(newest({ ...late, manifestUri: folder.uri('gone.model.json') }));
    expect(withoutManifest.outcome).toMatchObject({
      code: 'snapshot_expired',
      detail: expect.stringContaining('segment Static'),
    });
  });

  it('is refused when it has no column for the e-mail, and the mapping is named', async () => {
    const ran = await planHere(folder.job([snapshot], { mapping: { email: 'EMail' } }));
    expectRefused(ran, 'email_column_missing');
    expect(JSON.stringify(ran.outcome)).toContain('EMail');
  });

  it.each([
    { columnHeaders: 5 },
    { delimiter: '||' },
    { encoding: 'UTF-32' },
    { quoteStyle: 'x' },
    { csvStyle: 'x' },
    { skipLines: 1 },
  ])('is refused by name where model.json describes CSV that cannot be read: %j', async (fileFormatSettings) => {
    const partitions = [{ location: folder.uri('S_1.csv'), fileFormatSettings }];
    writeFileSync(
      join(folder.root, 'S.model.json'),
      JSON.stringify({ entities: [{ name: 'S', attributes: emailAndName, partitions }] }),
    );
    await refuse(snapshot, 'not_supported');
  });
});
