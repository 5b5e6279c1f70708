import { until } from '@courier/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiKey, connectionBody, ServiceBench } from './testing/service-bench';

describe('connection-service', () => {
  let bench: ServiceBench;

  beforeAll(async () => {
    bench = await ServiceBench.open();
  });
  afterAll(() => bench.close());

  it('creates a connection that is checked by the sink and told to everybody', async () => {
    const created = await bench.call('administrator', '/v1/connections', { post: connectionBody });
    expect(created).toMatchObject({
      status: 201,
      body: {
        state: 'verifying',
        credential: { kind: 'api_key', last4: '6789', version: 1 },
        exportUser: { sub: 'administrator', name: 'The administrator' },
        createdBy: { sub: 'administrator' },
        account: null,
        attention: null,
      },
    });
    expect(created.headers.get('location')).toBe(`/v1/connections/${created.body.id}`);
    await bench.answerCheck(created.body.id);
    const connected = await until(async () => {
      const { body: shown } = await bench.call('administrator', `/v1/connections/${created.body.id}`);
      return shown.state === 'connected' && shown;
    });
    expect(connected).toMatchObject({ account: { id: 'ACC001' }, scopes: { found: ['lists:read'] } });
    expect((await bench.messagesOf(created.body.id)).map(({ state }) => state).slice(-2)).toEqual(['verifying', 'connected']);
    await until(async () => {
      const [count] = await bench.rows.query<[{ waiting: number }]>(
        'SELECT count(*)::int AS waiting FROM outbox WHERE published_at IS NULL',
      );
      return count.waiting === 0;
    });
  });

  it('answers a patient caller once the check has ended, whatever it found', async () => {
    const creating = bench.call('administrator', '/v1/connections', {
      post: { ...connectionBody, displayName: 'Patient' },
      prefer: 'wait=25',
    });
    const id = await until(async () => {
      const [found] = await bench.rows.query<{ id: string }[]>(`SELECT id FROM connections WHERE display_name = 'Patient'`);
      return found?.id;
    });
    const problem = { code: 'missing_scope' as const, detail: 'profiles:write is missing', remedy: 'Make a key with it.' };
    await bench.answerCheck(id, { result: 'failed', problem, scopes: { found: ['lists:read'], missing: ['profiles:write'] } });
    const created = await creating;
    expect(created).toMatchObject({ status: 201, body: { id, state: 'needs_attention', attention: problem } });
    expect(created.body.scopes.missing).toEqual(['profiles:write']);
    expect(created.headers.get('preference-applied')).toBe('wait=25');
  });

  it('checks again on demand, and lets an outdated answer change nothing', async () => {
    const { body: connection } = await bench.call('administrator', '/v1/connections', {
      post: { ...connectionBody, displayName: 'Twice' },
    });
    const [first] = await bench.messagesOf(connection.id);
    expect(await bench.call('administrator', `/v1/connections/${connection.id}/verify`, { post: {} })).toMatchObject({
      status: 202,
      body: { state: 'verifying' },
    });
    await bench.answerCheck(connection.id, { verificationId: first?.verification?.id ?? null, result: 'failed' });
    const waiting = bench.call('administrator', `/v1/connections/${connection.id}/verify`, { post: {}, prefer: 'wait=25' });
    await until(async () => (await bench.messagesOf(connection.id)).length >= 3);
    await bench.answerCheck(connection.id);
    expect(await waiting).toMatchObject({ status: 200, body: { state: 'connected', attention: null } });
    const skipped = await bench.rows.query<{ reason: string }[]>(`SELECT reason FROM inbox WHERE disposition = 'skipped'`);
    expect(skipped).toContainEqual({ reason: 'other_verification' });
  });

  it('shows contributors three fields of shared connections, and viewers nothing', async () => {
    const shared = await bench.call('administrator', '/v1/connections', {
      post: { ...connectionBody, displayName: 'Shared', access: 'contributors' },
    });
    const hidden = await bench.call('administrator', '/v1/connections', { post: { ...connectionBody, displayName: 'Hidden' } });
    const three = { id: shared.body.id, displayName: 'Shared', type: 'klaviyo' };
    expect((await bench.call('contributor', `/v1/connections/${shared.body.id}`)).body).toEqual(three);
    expect(await bench.call('contributor', `/v1/connections/${hidden.body.id}`)).toMatchObject({
      status: 404,
      body: { code: 'connection_not_found' },
    });
    expect((await bench.call<{ items: object[] }>('contributor', '/v1/connections')).body.items).toEqual([three]);
    expect((await bench.call('contributor', '/v1/connections', { post: connectionBody })).status).toBe(403);
    expect((await bench.call('contributor', `/v1/connections/${shared.body.id}/verify`, { post: {} })).status).toBe(403);
    for (const path of ['/v1/connections', `/v1/connections/${shared.body.id}`])
      expect((await bench.call('viewer', path)).status).toBe(403);
  });

  it('lists newest first, page by page, each connection once', async () => {
    for (const displayName of ['One', 'Two', 'Three', 'Four', 'Five'])
      await bench.call('administrator', '/v1/connections', { post: { ...connectionBody, displayName } });
    const all = (await bench.call<{ items: { id: string }[] }>('administrator', '/v1/connections')).body.items.map(
      ({ id }) => id,
    );
    const paged: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await bench.call<{ items: { id: string }[]; nextCursor: string | null }>(
        'administrator',
        `/v1/connections?limit=2${query}`,
      );
      expect(page.body.items.length).toBeLessThanOrEqual(2);
      paged.push(...page.body.items.map(({ id }) => id));
      cursor = page.body.nextCursor;
    }
    expect(all.length).toBeGreaterThanOrEqual(5);
    expect(paged).toEqual(all);
  });

  it('has no routes of later slices, and knows no connection that is not there', async () => {
    const { body: connection } = await bench.call('administrator', '/v1/connections', { post: connectionBody });
    expect(await bench.call('administrator', `/v1/connections/${connection.id}/rotate-key`, { post: {} })).toMatchObject({
      status: 404,
      body: { code: 'route_not_found' },
    });
    for (const id of ['nothing', '0190e2a4-0000-7000-8000-000000000001']) {
      expect(await bench.call('administrator', `/v1/connections/${id}`)).toMatchObject({
        status: 404,
        body: { code: 'connection_not_found' },
      });
    }
  });

  it('keeps the plaintext key out of every table and every answer (invariant 8)', async () => {
    await bench.call('administrator', '/v1/connections', { post: connectionBody });
    const listed = await bench.call('administrator', '/v1/connections');
    expect(JSON.stringify(listed.body)).not.toContain(apiKey);
    const tables = await bench.rows.query<{ name: string }[]>(
      `SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
    );
    expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['connections', 'outbox', 'inbox']));
    const encoded = [apiKey, Buffer.from(apiKey).toString('hex'), ...base64Parts(apiKey)];
    for (const { name } of tables) {
      for (const needle of encoded) {
        const [hit] = await bench.rows.query<[{ found: number }]>(
          `SELECT count(*)::int AS found FROM ${name} AS t WHERE position($1 in t::text) > 0`,
          [needle],
        );
        expect({ name, found: hit.found }).toEqual({ name, found: 0 });
      }
    }
  });
});

/** The key as it looks inside base64, at each of the three alignments; the ends, which depend on the neighbours, cut off. */
function base64Parts(text: string): string[] {
  return [0, 1, 2].map((shift) =>
    Buffer.from('x'.repeat(shift) + text)
      .toString('base64url')
      .slice(4, -4),
  );
}
