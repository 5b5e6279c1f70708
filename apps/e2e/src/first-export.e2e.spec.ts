import type { Run } from '@courier/contracts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { call, createConnection, createExport, finished, firstRunOf, startRun } from './harness/api';
import { memoryMaxMb, peakMemoryMb, services } from './harness/memory';
import { expectedCounts, generate, refresh, sampleMapping } from './harness/segment';
import { SimulatedAccount } from './harness/simulator';
import { stack } from './harness/stack';

describe('the first export of a 100,000-row segment', () => {
  let account: SimulatedAccount;
  let segment: Awaited<ReturnType<typeof generate>>;
  let exportId: string;
  let run: Run;

  beforeAll(async () => {
    account = await SimulatedAccount.create();
    segment = await generate({ people: 95_000, duplicates: 4_400, partitions: 7 });
    const connection = await createConnection(account.apiKey);
    expect(connection).toMatchObject({
      state: 'connected',
      account: { id: account.id },
      scopes: { missing: [] },
      attention: null,
    });
    const exported = await createExport({
      connectionId: connection.id,
      listId: account.listId,
      segmentIds: [segment.entity],
      mapping: sampleMapping,
    });
    exportId = exported.id;
    await refresh(segment);
    run = await finished((await firstRunOf(exportId)).id);
  }, 600_000);

  it('puts exactly the valid, distinct people into the list', async () => {
    expect(await account.members()).toEqual([...segment.validEmails()].sort());
  });

  it('shows every count that is true of the folder', () => {
    expect(run).toMatchObject({
      status: 'completed_with_errors',
      displayStatus: 'Completed with warnings',
      phase: 'finished',
      trigger: 'refresh',
      kind: 'full',
      reason: null,
      counts: expectedCounts(segment),
      invalidReasons: segment.expected.invalidReasons,
      rejectedReasons: {},
      snapshots: [{ segmentId: segment.entity }],
    });
    expect(run.batches.finished).toBe(run.batches.total);
    expect(run.batches.total).toBeGreaterThanOrEqual(10);
  });

  it('accounts for every batch by the job that Klaviyo confirmed', async () => {
    const jobs = new Map((await account.jobs()).map((job) => [job.id, job]));
    const { body } = await call<{ items: { rows: number; accepted: number; jobIds: string[] }[] }>(
      'export-orchestrator',
      'GET',
      `/v1/runs/${run.id}/batches`,
    );
    for (const batch of body.items) {
      expect(batch.accepted).toBe(batch.rows);
      expect(batch.jobIds.map((id) => jobs.get(id))).toEqual([
        expect.objectContaining({ status: 'complete', totalCount: batch.rows }),
      ]);
    }
  });

  it('counts people that were delivered before as changes when it is run again by hand', async () => {
    const again = await finished((await startRun(exportId)).id);
    const { distinctValid } = segment.expected;
    expect(again).toMatchObject({ trigger: 'manual', startedBy: 'e2e-administrator' });
    expect(again.counts).toEqual({ ...expectedCounts(segment), toAdd: 0, toChange: distinctValid, accepted: distinctValid });
  });

  it('has taken no more memory of any service than is promised', () => {
    const peaks = services.map((service) => Math.max(...(stack().services[service]?.pids ?? []).map(peakMemoryMb)));
    const promised = services.map((service) => memoryMaxMb[service]);
    expect(peaks.filter((peak, index) => peak > (promised[index] ?? 0))).toEqual([]);
  });
});
