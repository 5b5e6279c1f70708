import { topics, type Page, type RejectedProfile, type Run } from '@courier/contracts';
import { publishRecords, randomName, readTopic, runSql, until } from '@courier/testing';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { call, createConnection, createExport, finished, firstRunOf, readRun, runsOf, startRun } from './harness/api';
import { linesWith, storyOf } from './harness/logs';
import { ops, opsPrints } from './harness/ops';
import { generate, refresh, type RefreshEvent, sampleMapping } from './harness/segment';
import { control, SimulatedAccount } from './harness/simulator';
import { stack } from './harness/stack';

interface DeadLetter {
  id: string;
  offset: string;
  topic: string;
  partition: number;
  eventId: string | null;
  reason: string;
  detail: string;
  remedy: string;
  state: string;
  retries: number;
}

interface Refresh {
  eventId: string;
  verdict: string;
  reason: string | null;
  remedy: string | null;
}

const words = expect.stringMatching(/\w{3}/);
const brokers = () => stack().kafkaBrokers.split(',');

let account: SimulatedAccount;
let connectionId: string;

beforeAll(async () => {
  account = await SimulatedAccount.create();
  connectionId = (await createConnection(account.apiKey)).id;
});

const exportOf = (entity: string, changed: object = {}) =>
  createExport({ connectionId, listId: account.listId, segmentIds: [entity], mapping: sampleMapping, ...changed });

async function deadLetters(query: string): Promise<DeadLetter[]> {
  return (await call<Page<DeadLetter>>('export-orchestrator', 'GET', `/v1/dead-letters?limit=200&${query}`)).body.items;
}

async function heardOf(entity: string): Promise<Refresh> {
  const path = `/v1/refreshes?segmentId=${entity}`;
  return until(async () => (await call<Page<Refresh>>('export-orchestrator', 'GET', path)).body.items[0]);
}

describe('records that nobody can use', () => {
  it('are put aside with a reason and a remedy, and the refresh after them runs', async () => {
    const person = `canary-${randomName('x')}@mail.example.org`;
    const segment = await generate({ people: 50 });
    const { id: exportId } = await exportOf(segment.entity);
    const headers = (more: object = {}) => ({
      ce_specversion: '1.0',
      ce_id: randomName('bad'),
      ce_source: '/spec',
      ce_type: 'segment.refreshed.v1',
      ...more,
    });
    const record = (value: string | null, named: Record<string, string> = headers()) => {
      return { key: Buffer.from(segment.entity), value: value === null ? null : Buffer.from(value), headers: named };
    };
    const marker = headers({ ce_type: 'segment.unheard-of.v7' });
    await publishRecords(brokers(), topics.segmentRefreshes.name, [
      record(`{"email":"${person}"`),
      record(JSON.stringify({ email: person })),
      record(JSON.stringify({ [person]: '\u0000' }), headers({ ce_id: `\u0000${person}` })),
      record(JSON.stringify({ email: person }), {}),
      record(null),
      record('{}', marker),
    ]);
    await refresh(segment);
    expect((await finished((await firstRunOf(exportId)).id)).counts.accepted).toBe(segment.expected.distinctValid);

    const found = await until(async () => {
      const letters = await deadLetters(`topic=${topics.segmentRefreshes.name}`);
      return letters.some(({ eventId }) => eventId === marker.ce_id) ? letters.slice(0, 6) : null;
    });
    expect(found.map(({ reason }) => reason).sort()).toEqual([
      'invalid_message',
      'undecodable',
      'undecodable',
      'undecodable',
      'undecodable',
      'unknown_type',
    ]);
    for (const letter of found) {
      expect(letter).toMatchObject({ state: 'open', detail: words, remedy: words });
      const { topic, partition, offset, reason } = letter;
      const told = { topic, partition, level: 'warn', service: 'export-orchestrator', reason };
      // Written after the commit that shows the letter.
      await until(() => linesWith('offset', offset).some((line) => isDeepStrictEqual({ ...line, ...told }, line)));
    }
    const note = `dead-letter-offset=${found[0]?.offset}`;
    const notes = await until(async () => {
      const text = await readTopic(brokers(), 'segment.refreshes.dead-letters');
      return text.includes(note) ? text : null;
    });
    expect(`${notes}${JSON.stringify(found)}`).not.toContain(person);
  });

  it('are retried by an operator: nothing without --yes, nothing while the cause lasts, then exactly one run', async () => {
    const segment = await generate({ people: 50 });
    const { id: exportId } = await exportOf(segment.entity);
    const database = stack().databases['export-orchestrator'] ?? '';
    await runSql(database, `ALTER TABLE refreshes ADD CONSTRAINT poisoned CHECK (segment_id <> '${segment.entity}') NOT VALID`);
    try {
      const eventId = await refresh(segment);
      const other = await generate({ people: 20 });
      const { id: otherExport } = await exportOf(other.entity);
      await refresh(other);
      await finished((await firstRunOf(otherExport)).id);
      const letter = await until(async () => (await deadLetters('state=open')).find((open) => open.eventId === eventId), 240_000);
      expect(letter).toMatchObject({ reason: 'handler_failed', detail: 'database_error 23514', remedy: words });

      const retry = ['dead-letters', 'retry', letter.id, '--reason', 'the constraint is gone'];
      expect((await opsPrints(...retry)).stdout).toMatch(/Nothing was done/);
      const early = await opsPrints(...retry, '--yes');
      expect(early).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('database_error 23514') });
      expect(await runsOf(exportId)).toEqual([]);
      await runSql(database, 'ALTER TABLE refreshes DROP CONSTRAINT poisoned');

      expect(await ops(...retry, '--yes')).toMatchObject({ result: 'done', deadLetter: { state: 'retried', retries: 2 } });
      expect(await opsPrints(...retry, '--yes')).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('dead_letter_resolved'),
      });
      expect((await finished((await firstRunOf(exportId)).id)).counts.accepted).toBe(segment.expected.distinctValid);
      expect(await runsOf(exportId)).toHaveLength(1);
    } finally {
      await runSql(database, 'ALTER TABLE refreshes DROP CONSTRAINT IF EXISTS poisoned');
    }
  });
});

describe('a refresh', () => {
  it('of a segment that no export uses is remembered, told why, and usable by hand', async () => {
    const segment = await generate({ people: 30 });
    await refresh(segment);
    expect(await heardOf(segment.entity)).toMatchObject({ verdict: 'recorded', reason: 'no_active_export', remedy: words });
    const { id } = await exportOf(segment.entity);
    expect((await finished((await startRun(id)).id)).counts.accepted).toBe(segment.expected.distinctValid);
  });

  it('of another environment is ignored, with what to do about it', async () => {
    const segment = await generate({ people: 10 });
    await exportOf(segment.entity);
    await refresh(segment, { change: (event) => ({ ...event, environmentId: 'elsewhere' }) });
    const heard = await heardOf(segment.entity);
    expect(heard).toMatchObject({
      verdict: 'ignored',
      reason: 'environment_mismatch',
      remedy: expect.stringContaining('ENVIRONMENT_ID'),
    });
  });

  type Change = (event: RefreshEvent, dir: string) => object;
  const snapshotOf = (event: RefreshEvent, change: object) => ({ ...event, snapshot: { ...event.snapshot, ...change } });
  const manifestOf =
    (change: (text: string) => string): Change =>
    (event, dir) => {
      const file = join(dir, 'model.json');
      writeFileSync(file, change(readFileSync(file, 'utf8')));
      return event;
    };

  const refusals: [string, string, Change][] = [
    [
      'expired and gone',
      'snapshot_expired',
      (event) => {
        event.snapshot.partitions.forEach(({ uri }) => rmSync(fileURLToPath(uri)));
        return snapshotOf(event, { expiresAt: '2026-01-01T00:00:00Z' });
      },
    ],
    ['no manifest', 'snapshot_missing', (event) => snapshotOf(event, { manifestUri: `${event.snapshot.manifestUri}.gone` })],
    [
      'manifest reached by a way up',
      'snapshot_outside_roots',
      (event) => snapshotOf(event, { manifestUri: `${pathToFileURL(stack().snapshotRoot).href}/../../../etc/hostname` }),
    ],
    ['torn manifest', 'snapshot_unreadable', manifestOf((text) => text.slice(0, text.length / 2))],
  ];

  it('whose snapshot cannot be used fails its run by name, and an alert says so', async () => {
    const runs = await Promise.all(
      refusals.map(async ([, , change]) => {
        const segment = await generate({ people: 10 });
        const { id: exportId } = await exportOf(segment.entity);
        await refresh(segment, { change: (event) => change(event, segment.dir) });
        return finished((await firstRunOf(exportId)).id);
      }),
    );
    expect(runs.map(({ reason }, index) => [refusals[index]?.[0], reason?.code])).toEqual(
      refusals.map(([what, code]) => [what, code]),
    );
    for (const run of runs) {
      expect(run).toMatchObject({ status: 'failed', reason: { detail: words, remedy: words }, batches: { total: 0 } });
    }
    const [run] = runs;
    // Written after the commit that shows the end.
    const finish = await until(() => storyOf(run?.id ?? '').find(({ msg }) => msg === 'Run finished'));
    expect(finish).toMatchObject({ level: 'warn', code: run?.reason?.code });
    const shown = await opsPrints('runs', 'show', run?.id ?? '');
    expect(shown.stdout).toContain(run?.reason?.remedy);
    await until(async () => {
      const alerts = await readTopic(brokers(), topics.alerts.name);
      return runs.every(({ id }) => alerts.includes(id));
    });
  });
});

describe('a connection', () => {
  it.each([
    ['with a wrong key', 'invalid_api_key', null],
    ['whose key lacks a scope', 'missing_scope', ['accounts:read', 'lists:read', 'profiles:read', 'profiles:write']],
  ])('%s says so with a remedy, and its runs wait and send nothing', async (_what, code, scopes) => {
    const apiKey = `pk_${randomName('bad').replace('-', '_')}_0001`;
    if (scopes !== null) await control('PUT', 'state', { accounts: [{ id: account.id, keys: [{ key: apiKey, scopes }] }] });
    const made = await createConnection(apiKey);
    expect(made).toMatchObject({ state: 'needs_attention', attention: { code, detail: words, remedy: words } });
    if (scopes !== null)
      expect(made).toMatchObject({
        scopes: { missing: ['lists:write'] },
        attention: { detail: expect.stringContaining('lists:write') },
      });
    const segment = await generate({ people: 10 });
    const { id: exportId } = await exportOf(segment.entity, { connectionId: made.id });
    await refresh(segment);
    const { id } = await firstRunOf(exportId);
    const waiting = await until(async () => {
      const run: Run = await readRun(id);
      return run.waiting === null ? null : run;
    });
    expect(waiting).toMatchObject({
      status: 'queued',
      waiting: { reason: 'connection_needs_attention' },
      counts: { accepted: 0 },
    });
    expect((await opsPrints('connections', 'show', made.id)).stdout).toContain(made.attention?.remedy);
    const warned = await until(() => {
      const lines = linesWith('connectionId', made.id).filter((line) => line.level === 'warn' && line['code'] === code);
      return lines.length >= 2 ? lines : null;
    });
    expect(warned.map(({ service }) => service)).toEqual(['klaviyo-sink', 'connection-service']);
    if (scopes !== null) return;
    const lists = await call('klaviyo-sink', 'GET', `/v1/connections/${made.id}/lists`);
    expect(lists).toMatchObject({ status: 409, body: { code, remedy: words } });
  });
});

describe('people who were not delivered', () => {
  afterEach(() => control('PUT', 'job-rules', { failEmails: [] }));

  it('are shown with reason and place, by HTTP and by ops, and masked for viewers', async () => {
    const segment = await generate({ people: 60 });
    const { id: exportId } = await exportOf(segment.entity);
    const refused = [...segment.validEmails()].slice(0, 2);
    await control('PUT', 'job-rules', { failEmails: refused });
    await refresh(segment);
    const run = await finished((await firstRunOf(exportId)).id);
    expect(run.counts).toMatchObject({ rejected: 2, invalid: segment.expected.invalid });

    const path = `/v1/runs/${run.id}/rejected-profiles`;
    const list = async (query: string, role?: 'viewer') => {
      return (await call<Page<RejectedProfile>>('export-orchestrator', 'GET', `${path}?${query}`, role ? { role } : {})).body
        .items;
    };
    const rejected = await list('stage=rejected');
    expect(rejected.map(({ email }) => email).sort()).toEqual([...refused].sort());
    expect(rejected[0]).toMatchObject({ batch: 1, code: Object.keys(run.rejectedReasons)[0], detail: words });
    const invalid = await list('stage=invalid&limit=200');
    expect(invalid).toHaveLength(segment.expected.invalid);
    for (const row of invalid)
      expect(row).toMatchObject({ segmentId: segment.entity, file: words, row: expect.any(Number), detail: words });
    expect(JSON.stringify(await list('', 'viewer'))).not.toContain(refused[0]);
    const shown = await opsPrints('runs', 'rejected', run.id, '--stage', 'rejected');
    for (const email of refused) expect(shown.stdout).toContain(email);
  });
});
