import { until } from '@courier/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { call, createConnection, createExport, finished, firstRunOf, readRun, runsOf } from './harness/api';
import { expectedCounts, generate, refresh, sampleMapping } from './harness/segment';
import { control, SimulatedAccount } from './harness/simulator';

const quickJobs = { queueDelayMs: 200, msPerThousand: 20, failEmails: [], failEvery: 0, stuck: false };

describe('what a run says about its people', () => {
  let account: SimulatedAccount;
  let segment: Awaited<ReturnType<typeof generate>>;
  let exportId: string;

  beforeEach(async () => {
    account = await SimulatedAccount.create();
    segment = await generate({ people: 300 });
    const { id: connectionId } = await createConnection(account.apiKey);
    const fields = { connectionId, listId: account.listId, segmentIds: [segment.entity], mapping: sampleMapping };
    exportId = (await createExport(fields)).id;
  });

  afterEach(async () => {
    await control('DELETE', 'faults');
    await control('PUT', 'job-rules', quickJobs);
  });

  const firstRun = async () => finished((await firstRunOf(exportId)).id);

  it('confirms nobody while Klaviyo has accepted the job and not finished it', async () => {
    await control('PUT', 'job-rules', { stuck: 'processing' });
    await refresh(segment);
    const { id } = await firstRunOf(exportId);
    await until(async () => (await account.jobs()).some(({ status }) => status === 'processing'));
    const request = await until(async () => {
      const { items } = await control<{ items: { account: string; operation: string }[] }>('GET', 'requests?limit=500');
      return items.filter((item) => item.account === account.id && item.operation === 'get_bulk_import_profiles_jobs')[2];
    });
    expect(request).toBeDefined();
    expect(await readRun(id)).toMatchObject({ status: 'running', counts: { accepted: 0 }, batches: { finished: 0 } });
    await control('PUT', 'job-rules', quickJobs);
    expect((await finished(id)).counts).toEqual(expectedCounts(segment));
  });

  it("counts as rejected whom Klaviyo's job refused, by its code, and leaves them out of the ledger", async () => {
    const refused = [...segment.validEmails()].slice(0, 3);
    await control('PUT', 'job-rules', { failEmails: refused });
    await refresh(segment);
    const run = await firstRun();
    const accepted = segment.expected.distinctValid - 3;
    expect(run).toMatchObject({ status: 'completed_with_errors', counts: { ...expectedCounts(segment), accepted, rejected: 3 } });
    expect(Object.values(run.rejectedReasons)).toEqual([3]);

    await control('PUT', 'job-rules', quickJobs);
    await refresh(segment);
    const second = await until(async () => (await runsOf(exportId)).find(({ id }) => id !== run.id));
    const { counts } = await finished(second.id);
    expect(counts).toMatchObject({ toAdd: 3, toChange: accepted, accepted: accepted + 3 });
  });

  it('ends as failed when Klaviyo refused everybody', async () => {
    await control('PUT', 'job-rules', { failEvery: 1 });
    await refresh(segment);
    const run = await firstRun();
    expect(run).toMatchObject({ status: 'failed', reason: { code: 'nothing_accepted' }, counts: { accepted: 0 } });
  });

  it.each([
    ['is throttled', { kind: 'status', status: 429, retryAfter: 1, times: 2 }],
    ['is unavailable', { kind: 'status', status: 503, times: 2 }],
    ['resets the connection', { kind: 'reset', times: 1 }],
    ['loses its answer', { kind: 'lost_answer', times: 1 }],
  ])('is right although Klaviyo %s for a while', async (_, fault) => {
    await account.fault({ operation: 'bulk_import_profiles', ...fault });
    await refresh(segment);
    const run = await firstRun();
    expect(run.counts).toEqual(expectedCounts(segment));
    expect(await account.members()).toEqual([...segment.validEmails()].sort());
  });

  it('fails for a list that does not exist, with a remedy, and sets the export aside until a run succeeds', async () => {
    const { id: connectionId } = await createConnection(account.apiKey);
    const fields = { connectionId, listId: 'NOPE01', segmentIds: [segment.entity], mapping: sampleMapping };
    const refused = await call('export-orchestrator', 'POST', '/v1/exports', { body: { ...fields, name: 'Lost' } });
    expect(refused).toMatchObject({ status: 400, body: { code: 'list_not_found', errors: [{ path: 'listId' }] } });
    // Who makes the export while Klaviyo is away is told that nobody could look.
    await account.fault({ operation: 'get_list', kind: 'status', status: 503, times: 1 });
    const lost = await createExport(fields);
    expect(lost.list).toMatchObject({ checked: false, problem: { code: 'klaviyo_unreachable' } });
    await refresh(segment);
    const run = await finished((await firstRunOf(lost.id)).id);
    expect(run).toMatchObject({
      status: 'failed',
      reason: { code: 'list_not_found' },
      counts: { accepted: 0, notAttempted: 300 },
    });
    const { body } = await call<{ state: string; attention: { code: string } }>(
      'export-orchestrator',
      'GET',
      `/v1/exports/${lost.id}`,
    );
    expect(body).toMatchObject({ state: 'needs_attention', attention: { code: 'list_not_found' } });
  });
});

describe('a refresh that comes again', () => {
  it('starts one run for one event, however often it is delivered, and skips an older sequence', async () => {
    const account = await SimulatedAccount.create();
    const segment = await generate({ people: 100 });
    const { id: connectionId } = await createConnection(account.apiKey);
    const fields = { connectionId, listId: account.listId, segmentIds: [segment.entity], mapping: sampleMapping };
    const { id: exportId } = await createExport(fields);
    const sequence = 1_000;
    const change = <T extends object>(event: T) => ({ ...event, sequence });
    await refresh(segment, { id: 'the-same-event', change });
    await refresh(segment, { id: 'the-same-event', change });
    await refresh(segment, { change: (event) => ({ ...event, sequence: sequence - 1 }) });
    await refresh(segment, { change: (event) => ({ ...event, environmentId: 'somewhere-else', sequence: sequence + 1 }) });
    const runs = await until(async () => {
      const found = await runsOf(exportId);
      return found.length >= 2 && found.every(({ finishedAt }) => finishedAt !== null) ? found : null;
    });
    expect(runs.map(({ status, reason }) => [status, reason?.code ?? null])).toEqual([
      ['skipped', 'stale_snapshot'],
      ['completed_with_errors', null],
    ]);
    const path = `/v1/refreshes?segmentId=${segment.entity}`;
    const heard = await until(async () => {
      const { body } = await call<{ items: { verdict: string; reason: string | null }[] }>('export-orchestrator', 'GET', path);
      return body.items.length === 3 ? body.items : null;
    });
    expect(heard.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['ignored', 'environment_mismatch'],
      ['started', 'stale_snapshot'],
      ['started', null],
    ]);
    expect(await account.members()).toHaveLength(100);
  });
});
