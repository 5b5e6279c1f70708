import { beforeAll, describe, expect, it } from '@jest/globals';
import { appendFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createConnection, createExport, finished, firstRunOf } from './harness/api';
import { generate, refresh, type RefreshEvent, sampleMapping } from './harness/segment';
import { SimulatedAccount } from './harness/simulator';
import { stack } from './harness/stack';

type Segment = Awaited<ReturnType<typeof generate>>;

function firstPart(event: RefreshEvent) {
  const [part] = event.snapshot.partitions;
  if (part === undefined) throw new Error('the segment has no parts');
  return part;
}

/** The event with another first part. */
function withPart(event: RefreshEvent, change: Partial<ReturnType<typeof firstPart>>): RefreshEvent {
  const [first, ...rest] = event.snapshot.partitions;
  return { ...event, snapshot: { ...event.snapshot, partitions: [{ ...firstPart(event), ...first, ...change }, ...rest] } };
}

describe('a snapshot that is not what the refresh said', () => {
  let account: SimulatedAccount;
  let connectionId: string;

  beforeAll(async () => {
    account = await SimulatedAccount.create();
    connectionId = (await createConnection(account.apiKey)).id;
  });

  async function runWith(change: (event: RefreshEvent, segment: Segment) => object, mapping: object = sampleMapping) {
    const segment = await generate({ people: 200 });
    const exported = await createExport({ connectionId, listId: account.listId, segmentIds: [segment.entity], mapping });
    await refresh(segment, { change: (event) => change(event, segment) });
    return finished((await firstRunOf(exported.id)).id);
  }

  it.each<[string, string, (event: RefreshEvent, segment: Segment) => object]>([
    ['a part that is gone', 'snapshot_missing', (event) => withPart(event, { uri: `${firstPart(event).uri}.gone` })],
    ['a part of another size', 'snapshot_size_mismatch', (event) => withPart(event, { bytes: firstPart(event).bytes + 1 })],
    ['a part with another digest', 'snapshot_digest_mismatch', (event) => withPart(event, { sha256: '0'.repeat(64) })],
    [
      'a part that was changed afterwards',
      'snapshot_size_mismatch',
      (event) => {
        appendFileSync(fileURLToPath(firstPart(event).uri), 'one,more,row\n');
        return event;
      },
    ],
    [
      'a part with another number of rows',
      'snapshot_count_mismatch',
      (event) => withPart(event, { rows: firstPart(event).rows + 1 }),
    ],
    ['a part outside the allowed folders', 'snapshot_outside_roots', (event) => withPart(event, { uri: 'file:///etc/hostname' })],
    [
      'a part that leaves the folder by an encoded way up',
      'snapshot_outside_roots',
      (event) => withPart(event, { uri: `${pathToFileURL(stack().snapshotRoot).href}/%2e%2e/%2e%2e/etc/hostname` }),
    ],
  ])('fails the run for %s and sends nothing', async (_, code, change) => {
    const run = await runWith(change);
    expect(run).toMatchObject({ status: 'failed', displayStatus: 'Failed (permanent)', reason: { code }, batches: { total: 0 } });
    expect(run.reason?.remedy).not.toBe('');
    expect(Object.values(run.counts)).toEqual(Object.values(run.counts).map(() => 0));
  });

  it('does not follow a link out of the allowed folders', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'courier-outside-'));
    try {
      const run = await runWith((event, segment) => {
        const link = join(segment.dir, 'link');
        symlinkSync(outside, link);
        return withPart(event, { uri: pathToFileURL(join(link, 'part.csv')).href });
      });
      expect(run).toMatchObject({
        status: 'failed',
        reason: { code: expect.stringMatching(/^snapshot_(outside_roots|missing)$/) },
      });
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });

  it('names the e-mail column that is missing', async () => {
    const run = await runWith((event) => event, { email: 'Mail' });
    expect(run).toMatchObject({ status: 'failed', reason: { code: 'email_column_missing' } });
  });

  it('skips a run over the profile limit, with both numbers, and sends nothing', async () => {
    const limited = await createConnection(account.apiKey, { profileLimit: 150 });
    const segment = await generate({ people: 200 });
    const fields = { listId: account.listId, segmentIds: [segment.entity], mapping: sampleMapping };
    const exported = await createExport({ ...fields, connectionId: limited.id });
    await refresh(segment);
    const run = await finished((await firstRunOf(exported.id)).id);
    const counts = { toAdd: 200, accepted: 0, notAttempted: 200 };
    expect(run).toMatchObject({ status: 'skipped', reason: { code: 'profile_limit_exceeded' }, counts });
    expect(run.reason?.detail).toMatch(/200.*150/);
  });

  it('has sent nothing to Klaviyo after all of this', async () => {
    expect(await account.jobs()).toEqual([]);
    expect(await account.members()).toEqual([]);
  });
});
