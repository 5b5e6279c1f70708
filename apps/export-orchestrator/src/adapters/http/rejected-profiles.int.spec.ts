import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { batchPath, encodeBatch, encodeResults, invalidRowsPath, resultsPath, StagingArea, StagingKey } from '@courier/staging';
import { resentRunId } from '@courier/contracts';
import { newId } from '@courier/kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpBench } from '../../testing/http-bench';
import { outcomeOf } from '../../testing/messages';
import { OrchestratorBench } from '../../testing/orchestrator-bench';

const key = Buffer.alloc(32, 7);

/** Invalid rows, two batches with results and one whose fate is unknown as a whole. */
describe('the rejected profiles of a run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'courier-rejected-'));
  const ends = new AsyncDisposableStack();
  let bench: OrchestratorBench;
  let http: HttpBench;
  let staging: StagingArea;
  let runId: string;

  beforeAll(async () => {
    ends.defer(() => rmSync(folder, { recursive: true }));
    bench = await OrchestratorBench.open();
    ends.defer(() => bench.close());
    const [uri, keyFile] = [pathToFileURL(join(folder, 'staging')).href, join(folder, 'key')];
    writeFileSync(keyFile, key.toString('base64'));
    staging = new StagingArea(uri, new StagingKey(key));
    http = await HttpBench.open(bench, { STAGING_URI: uri, STAGING_KEY_FILE: keyFile });
    ends.defer(() => http.close());
    bench.planner.batchRows = [3, 2, 2];
    ({ runId } = await bench.queuedRun());
    await bench.plan(runId);
    await bench.say(runId, 1, { rejected: 2 });
    await bench.say(runId, 2, { unconfirmed: 1, rejected: 1 });
    await bench.say(runId, 3, { unconfirmed: 2, error: 'results_lost' });
    await stage('invalid_rows', null, invalidRowsPath(runId, 1), [
      { code: 'email_malformed', segmentId: 'Seg1', file: 'a.csv', row: 3, email: '=cmd("x"),y' },
      { code: 'line_unreadable', segmentId: 'Seg1', file: 'a.csv', row: 9, email: null },
    ]);
    for (const [number, size] of [3, 2, 2].entries()) await stageBatch(number + 1, size);
    await stageResults(1, [
      { line: 0, status: 'rejected', code: 'invalid_email', detail: 'p1-0@mail.example.org is bad' },
      { line: 2, status: 'rejected', code: 'invalid', detail: 'bad' },
    ]);
    await stageResults(2, [
      { line: 0, status: 'unconfirmed', code: 'unmatched', detail: '' },
      { line: 1, status: 'rejected', code: 'invalid_email', detail: 'bad' },
    ]);
  });
  afterAll(() => ends.disposeAsync());

  async function stage(column: string, number: number | null, path: string, content: object[] | Buffer): Promise<void> {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const ref = JSON.stringify(await staging.write(path, bytes));
    if (number === null) await bench.dataSource.query(`UPDATE runs SET ${column} = $2 WHERE id = $1`, [runId, ref]);
    else
      await bench.dataSource.query(`UPDATE batches SET ${column} = $3 WHERE run_id = $1 AND number = $2`, [runId, number, ref]);
  }
  const stageBatch = (number: number, size: number) => {
    const lines = Array.from({ length: size }, (_, line) => ({
      email: `p${number}-${line}@mail.example.org`,
      profileJson: '{}',
    }));
    return stage('object', number, batchPath(runId, 1, number), encodeBatch(lines));
  };
  const stageResults = (number: number, results: Parameters<typeof encodeResults>[0]) =>
    stage('results', number, resultsPath(runId, 1, number, newId()), encodeResults(results));
  const path = (query = '') => `/v1/runs/${runId}/rejected-profiles${query}`;
  const told = (items: unknown) =>
    (items as { stage: string; email: string | null; code: string }[]).map(({ stage, email, code }) => [stage, email, code]);

  const all = [
    ['invalid', '=cmd("x"),y', 'email_malformed'],
    ['invalid', null, 'line_unreadable'],
    ['rejected', 'p1-0@mail.example.org', 'invalid_email'],
    ['rejected', 'p1-2@mail.example.org', 'invalid'],
    ['unconfirmed', 'p2-0@mail.example.org', 'unmatched'],
    ['rejected', 'p2-1@mail.example.org', 'invalid_email'],
    ['unconfirmed', 'p3-0@mail.example.org', 'results_lost'],
    ['unconfirmed', 'p3-1@mail.example.org', 'results_lost'],
  ];

  it('say who, why and where', async () => {
    const { json, headers } = await http.call(path());
    expect(told(json['items'])).toEqual(all);
    expect(json['nextCursor']).toBeNull();
    expect(headers.get('cache-control')).toBe('no-store');
    expect((json['items'] as unknown[]).slice(0, 3)).toMatchObject([
      {
        segmentId: 'Seg1',
        file: 'a.csv',
        row: 3,
        batch: null,
        attempts: 0,
        detail: 'The e-mail address is not one that Klaviyo takes.',
      },
      { file: 'a.csv', row: 9 },
      { segmentId: null, file: null, row: null, batch: 1, attempts: 1, detail: 'p1-0@mail.example.org is bad' },
    ]);
  });

  it.each([1, 2, 3, 8])('come in pages of %i without a gap or a repeat', async (limit) => {
    const pages = await http.pages(path(), limit);
    expect(told(pages.flat())).toEqual(all);
    expect(pages.every((page) => page.length <= limit)).toBe(true);
  });

  it.each([
    ['?stage=invalid', 2],
    ['?stage=rejected', 3],
    ['?stage=unconfirmed', 3],
    ['?code=invalid_email', 2],
    ['?stage=rejected&code=invalid', 1],
    ['?stage=invalid&code=invalid', 0],
  ])('are chosen by %s', async (query, count) => {
    expect((await http.call(path(query))).json['items']).toHaveLength(count);
  });

  it('of a run whose batches were sent again are those of the second time', async () => {
    const [first] = await bench.batches(runId);
    if (first === undefined) throw new Error('there is no batch');
    const results = [{ line: 1, status: 'rejected' as const, code: 'invalid', detail: 'bad' }];
    const said = { ...outcomeOf(await bench.run(runId), first, { rejected: 1 }), deliveryId: newId() };
    const ref = await staging.write(resultsPath(runId, 1, 1, said.deliveryId), encodeResults(results));
    await bench.recordResent({ ...said, results: ref }, 1);
    const { json } = await http.call(`/v1/runs/${resentRunId(runId, 1)}/rejected-profiles`);
    expect(told(json['items'])).toEqual([['rejected', 'p1-1@mail.example.org', 'invalid']]);
  });

  const types = ['application/json', 'text/csv', 'application/x-ndjson'];
  const setExport = (columns: string) =>
    bench.dataSource.query(`UPDATE exports SET ${columns} WHERE id = (SELECT export_id FROM runs WHERE id = $1)`, [runId]);
  const setAccess = (access: string) =>
    bench.dataSource.query(`UPDATE known_connections SET access = $2 WHERE id = (SELECT connection_id FROM runs WHERE id = $1)`, [
      runId,
      access,
    ]);

  it.each(types)('are masked as %s for those who may not edit the export', async (accept) => {
    const seen = async (role: 'administrator' | 'contributor' | 'viewer') => {
      const { text } = await http.call(path(), { role, headers: { accept } });
      expect(text.includes('p***@m***.org')).toBe(!text.includes('mail.example'));
      return text.includes('p1-0@mail.example.org');
    };
    const all = async () => [await seen('administrator'), await seen('contributor'), await seen('viewer')];
    try {
      expect(await all()).toEqual([true, false, false]);
      await setAccess('contributors');
      expect(await all()).toEqual([true, true, false]);
      // Without a connection an export is its creator's.
      await setExport('connection_id = NULL');
      expect(await all()).toEqual([true, false, false]);
      await setExport(`created_by = '{"sub": "contributor", "name": "Con"}'`);
      expect(await all()).toEqual([true, true, false]);
    } finally {
      await setExport(
        `connection_id = (SELECT connection_id FROM runs WHERE id = '${runId}'), created_by = '{"sub": "ada", "name": "Ada"}'`,
      );
      await setAccess('administrators');
    }
  });

  it('come whole as NDJSON and as CSV that no spreadsheet runs', async () => {
    const ndjson = await http.call(path(), { headers: { accept: 'application/x-ndjson' } });
    expect(ndjson.headers.get('content-type')).toBe('application/x-ndjson');
    expect(ndjson.headers.get('content-disposition')).toMatch(/rejected-.*\.ndjson$/);
    expect(
      told(
        ndjson.text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as unknown),
      ),
    ).toEqual(all);
    const csv = await http.call(path(), { headers: { accept: 'text/csv' } });
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines = csv.text.split('\r\n');
    expect(lines).toHaveLength(all.length + 2);
    expect(lines[0]).toBe('stage,email,code,detail,segmentId,file,row,batch,firstSeenAt,attempts');
    expect(lines[1]).toContain(`invalid,"'=cmd(""x""),y",email_malformed`);
  });

  it('are refused by name when they are swept, in another type, or under no run', async () => {
    expect(await http.call(path(), { headers: { accept: 'image/png' } })).toMatchObject({
      status: 406,
      json: { code: 'not_acceptable' },
    });
    expect(await http.call(`/v1/runs/${newId()}/rejected-profiles`)).toMatchObject({
      status: 404,
      json: { code: 'run_not_found' },
    });
    rmSync(join(folder, 'staging', 'runs', runId), { recursive: true });
    for (const accept of ['application/json', 'text/csv', 'application/x-ndjson']) {
      const { status, json } = await http.call(path(), { headers: { accept } });
      expect({ status, json }).toMatchObject({
        status: 410,
        json: { code: 'rejected_profiles_expired', remedy: expect.any(String) },
      });
    }
  });
});
