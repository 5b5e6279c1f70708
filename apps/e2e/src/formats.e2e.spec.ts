import { beforeAll, describe, expect, it } from '@jest/globals';
import type { SegmentOptions } from '@courier/sample-segment';
import { randomName } from '@courier/testing';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection, createExport, finished, startRun } from './harness/api';
import { ops, publish, type Published } from './harness/ops';
import { expectedCounts, generate, sampleMapping } from './harness/segment';
import { SimulatedAccount } from './harness/simulator';
import { stack } from './harness/stack';

// One small journey for each format and encoding, published by the operator's command: everybody who is valid arrives, every other
// row is accounted for.
describe('a segment in another format', () => {
  let connectionId: string;
  let account: SimulatedAccount;
  beforeAll(async () => {
    account = await SimulatedAccount.create();
    connectionId = (await createConnection(account.apiKey)).id;
  });

  const exportInto = (listId: string, segmentIds: string[]) =>
    createExport({ connectionId, listId, segmentIds, mapping: sampleMapping });

  async function runOf({ verdict, runIds }: Published) {
    expect(verdict).toBe('started');
    return finished(runIds[0] ?? '');
  }

  async function journey(options: Partial<SegmentOptions>) {
    const listId = await account.addList();
    const segment = await generate({ people: 500, partitions: 3, ...options });
    await exportInto(listId, [segment.entity]);
    const published = await publish(segment);
    return { segment, published, run: await runOf(published), members: await account.members(listId) };
  }

  const cases: [string, Partial<SegmentOptions>][] = [
    ['cdm-csv as gzip', { format: 'cdm-csv', gzip: true }],
    ['CSV', { format: 'csv' }],
    ['CSV with a byte order mark, as gzip', { format: 'csv', encoding: 'utf-8-bom', gzip: true }],
    ['CSV in UTF-16', { format: 'csv', encoding: 'utf-16le' }],
    ['CSV in Windows-1252', { format: 'csv', encoding: 'windows-1252' }],
    ['NDJSON', { format: 'ndjson' }],
    ['NDJSON in UTF-16, as gzip', { format: 'ndjson', encoding: 'utf-16be', gzip: true }],
    ['Parquet', { format: 'parquet' }],
  ];
  /** All at once: most of a journey is waiting. */
  const journeys = new Map<string, ReturnType<typeof journey>>();
  beforeAll(async () => {
    for (const [what, options] of cases) journeys.set(what, journey(options));
    await Promise.allSettled(journeys.values());
  }, 900_000);

  it.each(cases)('puts exactly its people into the list: %s', async (what, { encoding }) => {
    const travelled = await journeys.get(what);
    if (travelled === undefined) throw new Error('The journey did not begin');
    const { segment, published, run, members } = travelled;
    expect(published).toMatchObject({ rowCount: segment.expected.rows, partitions: 3 });
    expect(run).toMatchObject({
      status: 'completed_with_errors',
      counts: expectedCounts(segment),
      invalidReasons: segment.expected.invalidReasons,
      warnings: encoding === 'windows-1252' ? [{ code: 'encoding_assumed', count: 3 }] : [],
    });
    expect(members).toEqual([...segment.validEmails()].sort());
  });

  it('joins segments of several formats, with the newest snapshot of each', async () => {
    const listId = await account.addList();
    const invalid = { line_unreadable: 0 };
    const first = await generate({ people: 30, duplicates: 2, invalid, format: 'parquet', seed: 3 });
    const second = await generate({ people: 40, duplicates: 0, invalid, format: 'ndjson', seed: 3, gzip: true });
    const older = await generate({ people: 10, duplicates: 0, invalid, format: 'csv', seed: 5, entity: second.entity });
    await publish(first);
    await publish(older);
    await publish(second);
    const exported = await exportInto(listId, [first.entity, second.entity]);
    const run = await finished((await startRun(exported.id)).id);
    // The first thirty of the second segment are those of the first.
    expect(run.counts).toMatchObject({ snapshotRows: 72, duplicates: 32, invalid: 0, toAdd: 40, accepted: 40 });
    expect(run.snapshots.map(({ segmentId }) => segmentId)).toEqual([first.entity, second.entity]);
    expect(await account.members(listId)).toEqual([...second.validEmails()].sort());
  });

  it('is nothing to do where it is empty', async () => {
    const segmentId = randomName('Empty');
    await exportInto(await account.addList(), [segmentId]);
    const file = join(stack().snapshotRoot, `${segmentId}.csv`);
    writeFileSync(file, 'Email,FirstName\r\n');
    const run = await runOf(await ops<Published>('refreshes', 'publish', '--csv', file, '--segment', segmentId));
    expect(run).toMatchObject({ status: 'succeeded', reason: { code: 'empty_snapshot' }, counts: { snapshotRows: 0 } });
  });
});
