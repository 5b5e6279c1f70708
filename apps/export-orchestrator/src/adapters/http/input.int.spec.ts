import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeCursor } from '@courier/http';
import { newId } from '@courier/kernel';
import { HttpBench } from '../../testing/http-bench';
import { LIST, OrchestratorBench } from '../../testing/orchestrator-bench';

const NUL = String.fromCharCode(0);
const HALF = '\ud83d';

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('input', () => {
  const ends = new AsyncDisposableStack();
  let bench: OrchestratorBench;
  let http: HttpBench;
  let good: Record<string, unknown>;
  let exportId: string;
  let runId: string;

  beforeAll(async () => {
    bench = await OrchestratorBench.open();
    ends.defer(() => bench.close());
    http = await HttpBench.open(bench);
    ends.defer(() => http.close());
    await bench.reset();
    const queued = await bench.queuedRun();
    ({ runId } = queued);
    exportId = queued.exported.id;
    const { connectionId } = queued.exported;
    good = { name: 'High value', connectionId, listId: LIST, segmentIds: ['Seg1'], mapping: { email: 'Email' } };
  });
  afterAll(() => ends.disposeAsync());

  it.each([
    ['/v1/exports', 'color=red'],
    ['/v1/exports', 'sort=size'],
    ['/v1/runs', 'offset=1'],
    ['/v1/refreshes', 'q=x'],
  ])('of a query parameter that does not exist is refused by name: %s?%s', async (path, query) => {
    const [name] = query.split('=');
    expect(await http.call(`${path}?${query}`)).toMatchObject({
      status: 400,
      json: { code: 'not_supported', errors: [{ path: name, code: 'not_supported' }] },
    });
  });

  it.each([
    '/v1/exports?limit=0',
    '/v1/exports?limit=201',
    '/v1/exports?limit=ten',
    '/v1/exports?cursor=nope',
    '/v1/exports?q=%00',
    '/v1/exports?q=a&q=b',
    '/v1/exports?segmentId=%00',
    '/v1/exports?segmentId=a&segmentId=b',
    '/v1/exports?connectionId=nope',
    '/v1/exports?state=broken',
    '/v1/runs?exportId=nope',
    '/v1/runs?status=broken',
    '/v1/runs?trigger=broken',
    '/v1/runs?from=yesterday',
    '/v1/runs?from=2026-02-30T00:00:00Z',
    '/v1/runs?to=2026-11-24',
    '/v1/refreshes?segmentId=%00',
    '/v1/refreshes?limit=1e3',
    `/v1/exports?cursor=${encodeCursor({ createdAt: new Date(0), id: newId() })}`,
    `/v1/exports?sort=name&cursor=${encoded(['-name', 'x', newId()])}`,
    `/v1/exports?sort=name&cursor=${encoded(['name', NUL, newId()])}`,
    `/v1/exports?cursor=${encoded(['-createdAt', 'today', newId()])}`,
    '/v1/segments?q=x',
    '/v1/dead-letters?topic=%00',
    '/v1/audit-events?action=%00',
    '/v1/audit-events?concerns=',
    '/v1/audit-events?from=yesterday',
  ])('that is odd is refused: %s', async (path) => {
    expect(await http.call(path)).toMatchObject({ status: 400, json: { errors: expect.any(Array) } });
  });

  it.each(['-1', 'x', '1e3', '9999999999', '%00'])(
    'of batches or rejected profiles that is no cursor is refused like that of every list: %s',
    async (cursor) => {
      for (const list of ['batches', 'rejected-profiles']) {
        expect(await http.call(`/v1/runs/${runId}/${list}?cursor=${cursor}`)).toMatchObject({
          status: 400,
          json: { code: 'invalid_cursor', remedy: expect.stringContaining('nextCursor of the page before') },
        });
      }
    },
  );

  it.each([
    `/v1/refreshes?cursor=${encodeCursor({ createdAt: new Date(8.64e15), id: newId() })}`,
    `/v1/runs?cursor=${encodeCursor({ createdAt: new Date(0), id: newId() })}`,
    '/v1/runs?from=0000-01-01T00:00:00Z&to=9999-12-31T23:59:59%2B23:59',
    '/v1/exports?q=%25_%5C%27%22',
    `/v1/exports?q=${encodeURIComponent('ü💡')}`,
  ])('that is odd and valid is answered: %s', async (path) => {
    expect(await http.call(path)).toMatchObject({ status: 200, json: { items: expect.any(Array) } });
  });

  it.each<[string, Record<string, unknown>]>([
    ['no name', { name: ' ' }],
    ['NUL in the name', { name: `High${NUL}value` }],
    ['half a character in the name', { name: HALF }],
    ['a name that is too long', { name: 'x'.repeat(201) }],
    ['a list that cannot exist', { listId: '../LiSt01' }],
    ['no segment', { segmentIds: [] }],
    ['a segment twice', { segmentIds: ['Seg1', ' Seg1'] }],
    ['NUL in a segment', { segmentIds: [NUL] }],
    ['half a character in a segment', { segmentIds: [HALF] }],
    ['no e-mail column', { mapping: { firstName: 'First' } }],
    ['NUL in a column', { mapping: { email: NUL } }],
    ['half a character in a column', { mapping: { email: HALF } }],
    ['NUL in a property', { mapping: { email: 'Email', properties: { [NUL]: 'Tier' } } }],
    ['half a character in a property', { mapping: { email: 'Email', properties: { [HALF]: 'Tier' } } }],
    ['no connection', { connectionId: null }],
  ])('for an export is refused: %s', async (_about, change) => {
    const answer = await http.call('/v1/exports', { post: { ...good, ...change } });
    expect(answer).toMatchObject({ status: 400, json: { code: 'invalid_request', errors: [{ path: expect.any(String) }] } });
  });

  it.each([
    ['/v1/intake/commands', { topic: 'segment.refreshes', partition: 0, command: 'skip', reason: `it is${NUL} fine` }],
    ['/v1/intake/commands', { topic: NUL, partition: 0, command: 'skip', reason: 'it is fine' }],
    ['/v1/intake/replays', { topic: 'segment.refreshes', reason: HALF }],
    ['/v1/replays', { segmentId: 'Seg1', reason: NUL }],
    ['/v1/replays/plan', { segmentId: NUL }],
    [`/v1/dead-letters/${newId()}/discard`, { reason: NUL }],
  ])('that PostgreSQL could not keep is refused: %s %j', async (path, post) => {
    expect(await http.call(path, { post })).toMatchObject({ status: 400, json: { code: 'invalid_request' } });
  });

  it.each<[string, Record<string, unknown>]>([
    ['mode', { mode: 'mirror' }],
    ['schedule.on', { schedule: { on: 'cron' } }],
    ['schedule.on', { schedule: { on: 'sometimes' } }],
    ['guard', { guard: { emptySegment: 'ask' } }],
    ['mapping.nickname', { mapping: { email: 'Email', nickname: 'Nick' } }],
  ])('for an export that this version cannot do is refused by name: %s', async (path, change) => {
    const answer = await http.call('/v1/exports', { post: { ...good, ...change } });
    expect(answer).toMatchObject({ status: 400, json: { code: 'not_supported', errors: [{ path, code: 'not_supported' }] } });
  });

  const propertiesNamed = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, 'Tier']));
  it.each<[string, Record<string, string>]>([
    ['too_many_properties', propertiesNamed(301)],
    ['property_name_reserved', { tier: 'Tier', $id: 'Id' }],
    ['property_name_reserved', { $: 'Id' }],
  ])('for an export whose properties Klaviyo would not take is refused by name: %s', async (code, properties) => {
    const mapping = { email: 'Email', properties };
    const refused = { status: 400, json: { code, errors: [{ path: 'mapping.properties', code }], remedy: expect.any(String) } };
    expect(await http.call('/v1/exports', { post: { ...good, mapping } })).toMatchObject(refused);
    expect(await http.call(`/v1/exports/${exportId}`, { patch: { mapping } })).toMatchObject(refused);
  });

  it('for an export of 300 properties, one of them with a $ within its name, is taken', async () => {
    const properties = { ...propertiesNamed(299), 'price in $': 'Price' };
    const answer = await http.call(`/v1/exports/${exportId}`, { patch: { mapping: { email: 'Email', properties } } });
    expect(answer).toMatchObject({ status: 200, json: { mapping: { properties } } });
  });

  it.each(['incremental', 'dry_run'])('for a run of kind %s is refused by name', async (kind) => {
    const answer = await http.call(`/v1/exports/${exportId}/runs`, { post: { kind } });
    expect(answer).toMatchObject({ status: 400, json: { code: 'not_supported', errors: [{ path: 'kind' }] } });
  });

  it('that comes again with its Idempotency-Key makes nothing again', async () => {
    const headers = { 'idempotency-key': 'once' };
    for (const [path, post] of [
      ['/v1/exports', good],
      [`/v1/exports/${exportId}/runs`, { kind: 'full' }],
    ] as const) {
      const first = await http.call(path, { post, headers });
      const again = await http.call(path, { post, headers });
      expect(again).toMatchObject({ status: first.status, json: { id: first.json['id'] } });
      expect(again.headers.get('location')).toBe(first.headers.get('location'));
    }
    expect((await http.call('/v1/exports')).json['items']).toHaveLength(2);
    expect((await http.call('/v1/runs?trigger=manual')).json['items']).toHaveLength(1);
  });

  it('that no JSON is, is refused', async () => {
    expect(await http.call('/v1/exports', { post: '{"name":' })).toMatchObject({
      status: 400,
      json: { code: 'malformed_request' },
    });
  });
});
