import { newId } from '@courier/kernel';
import { until } from '@courier/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiKey, connectionBody, ServiceHarness } from './testing/service-harness';

describe('connection-service', () => {
  let harness: ServiceHarness;

  beforeAll(async () => {
    harness = await ServiceHarness.open();
  });
  afterAll(() => harness.close());

  it('creates a connection that is checked by the sink and told to everybody', async () => {
    const created = await harness.call('administrator', '/v1/connections', { post: connectionBody });
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
    await harness.answerCheck(created.body.id);
    const connected = await until(async () => {
      const { body: shown } = await harness.call('administrator', `/v1/connections/${created.body.id}`);
      return shown.state === 'connected' && shown;
    });
    expect(connected).toMatchObject({ account: { id: 'ACC001' }, scopes: { found: ['lists:read'] } });
    expect((await harness.messagesOf(created.body.id)).map(({ state }) => state).slice(-2)).toEqual(['verifying', 'connected']);
    await until(async () => {
      const [count] = await harness.rows.query<[{ waiting: number }]>(
        'SELECT count(*)::int AS waiting FROM outbox WHERE published_at IS NULL',
      );
      return count.waiting === 0;
    });
  });

  it('seals the key to the connection and its version, and keeps who consented to which text', async () => {
    const created = await harness.call('administrator', '/v1/connections', {
      post: { ...connectionBody, displayName: 'Sealed' },
    });
    const { id, createdAt, consent } = created.body;
    const [message] = await harness.messagesOf(id);
    expect(await harness.opened(message?.credential?.sealed ?? '')).toEqual({ connectionId: id, version: 1, apiKey });
    const by = { sub: 'administrator', name: 'The administrator' };
    expect(consent).toEqual({ acceptedAt: createdAt, by, textVersion: '2026-11' });
  });

  it('refuses a profile limit above the ceiling and stores nothing', async () => {
    const post = { ...connectionBody, displayName: 'Too much', profileLimit: 1_000_001 };
    const refused = await harness.call('administrator', '/v1/connections', { post });
    expect(refused).toMatchObject({ status: 400, body: { code: 'profile_limit_too_high' } });
    expect(await harness.rows.query(`SELECT 1 FROM connections WHERE display_name = 'Too much'`)).toEqual([]);
    const highest = { ...post, displayName: 'Highest', profileLimit: 1_000_000 };
    expect(await harness.call('administrator', '/v1/connections', { post: highest })).toMatchObject({
      status: 201,
      body: { profileLimit: 1_000_000 },
    });
  });

  it('answers a patient caller once the check has ended, whatever it found', async () => {
    const creating = harness.call('administrator', '/v1/connections', {
      post: { ...connectionBody, displayName: 'Patient' },
      prefer: 'wait=25',
    });
    const id = await until(async () => {
      const [found] = await harness.rows.query<{ id: string }[]>(`SELECT id FROM connections WHERE display_name = 'Patient'`);
      return found?.id;
    });
    const problem = { code: 'missing_scope' as const, detail: 'profiles:write is missing', remedy: 'Make a key with it.' };
    await harness.answerCheck(id, { result: 'failed', problem, scopes: { found: ['lists:read'], missing: ['profiles:write'] } });
    const created = await creating;
    expect(created).toMatchObject({ status: 201, body: { id, state: 'needs_attention', attention: problem } });
    expect(created.body.scopes.missing).toEqual(['profiles:write']);
    expect(created.headers.get('preference-applied')).toBe('wait=25');
  });

  it('answers a patient caller also when the word of the change was lost, and as it is when his time is over', async () => {
    const creating = harness.call('administrator', '/v1/connections', {
      post: { ...connectionBody, displayName: 'Silent' },
      prefer: 'wait=25',
    });
    const silently = `UPDATE connections SET state = 'connected' WHERE display_name = 'Silent' RETURNING id`;
    await until(async () => (await harness.rows.query<[object[], number]>(silently))[1] === 1);
    expect((await creating).body.state).toBe('connected');
    const post = { ...connectionBody, displayName: 'Unanswered' };
    const late = await harness.call('administrator', '/v1/connections', { post, prefer: 'wait=1' });
    expect(late).toMatchObject({ status: 201, body: { state: 'verifying' } });
  });

  it('checks again in the name of who wanted it', async () => {
    const { body: made } = await harness.call('administrator', '/v1/connections', { post: connectionBody });
    const bob = { sub: 'bob', name: 'Bob' };
    const asked = await harness.call('administrator', `/v1/connections/${made.id}/verify`, { post: {}, person: bob });
    expect(asked.body).toMatchObject({ state: 'verifying', createdBy: { sub: 'administrator' }, updatedBy: bob });
    const [first, second] = await harness.messagesOf(made.id);
    expect(second?.verification?.id).not.toBe(first?.verification?.id);
    expect(second?.version).toBeGreaterThan(first?.version ?? 0);
  });

  it('skips what is said of a connection that it does not have', async () => {
    await harness.answerCheck(newId());
    const skipped = `SELECT 1 FROM inbox WHERE disposition = 'skipped' AND reason = 'unknown_connection'`;
    await until(async () => (await harness.rows.query<object[]>(skipped)).length === 1);
  });

  it('publishes every state once more, removed ones too, when its relay has a new leader', async () => {
    const [kept, removed] = await Promise.all(
      [1, 2].map(() => harness.call('administrator', '/v1/connections', { post: connectionBody })),
    );
    await harness.call('administrator', `/v1/connections/${removed?.body.id}`, { method: 'DELETE' });
    const states = () => Promise.all([kept, removed].map((made) => harness.messagesOf(made?.body.id ?? '')));
    const before = await states();
    await harness.rows.query(`UPDATE leases SET expires_at = '-infinity', token = token + 1 WHERE name LIKE 'outbox-relay:%'`);
    const after = await until(async () => {
      const told = await states();
      return told.every((messages, at) => messages.length > (before[at]?.length ?? 0)) ? told : null;
    });
    expect(after.map((messages) => messages.at(-1))).toEqual(before.map((messages) => messages.at(-1)));
  });

  it('checks again on demand, and lets an outdated answer change nothing', async () => {
    const { body: connection } = await harness.call('administrator', '/v1/connections', {
      post: { ...connectionBody, displayName: 'Twice' },
    });
    const [first] = await harness.messagesOf(connection.id);
    expect(await harness.call('administrator', `/v1/connections/${connection.id}/verify`, { post: {} })).toMatchObject({
      status: 202,
      body: { state: 'verifying' },
    });
    await harness.answerCheck(connection.id, { verificationId: first?.verification?.id ?? null, result: 'failed' });
    const waiting = harness.call('administrator', `/v1/connections/${connection.id}/verify`, { post: {}, prefer: 'wait=25' });
    await until(async () => (await harness.messagesOf(connection.id)).length >= 3);
    await harness.answerCheck(connection.id);
    expect(await waiting).toMatchObject({ status: 200, body: { state: 'connected', attention: null } });
    const skipped = await harness.rows.query<{ reason: string }[]>(`SELECT reason FROM inbox WHERE disposition = 'skipped'`);
    expect(skipped).toContainEqual({ reason: 'other_verification' });
  });

  it('shows contributors three fields of shared connections, and viewers nothing', async () => {
    const shared = await harness.call('administrator', '/v1/connections', {
      post: { ...connectionBody, displayName: 'Shared', access: 'contributors' },
    });
    const hidden = await harness.call('administrator', '/v1/connections', { post: { ...connectionBody, displayName: 'Hidden' } });
    const three = { id: shared.body.id, displayName: 'Shared', type: 'klaviyo' };
    expect((await harness.call('contributor', `/v1/connections/${shared.body.id}`)).body).toEqual(three);
    expect(await harness.call('contributor', `/v1/connections/${hidden.body.id}`)).toMatchObject({
      status: 404,
      body: { code: 'connection_not_found' },
    });
    expect((await harness.call<{ items: object[] }>('contributor', '/v1/connections')).body.items).toEqual([three]);
    expect((await harness.call('contributor', '/v1/connections', { post: connectionBody })).status).toBe(403);
    expect((await harness.call('contributor', `/v1/connections/${shared.body.id}/verify`, { post: {} })).status).toBe(403);
    for (const path of ['/v1/connections', `/v1/connections/${shared.body.id}`])
      expect((await harness.call('viewer', path)).status).toBe(403);
  });

  it('lists newest first, page by page, each connection once', async () => {
    for (const displayName of ['One', 'Two', 'Three', 'Four', 'Five'])
      await harness.call('administrator', '/v1/connections', { post: { ...connectionBody, displayName } });
    const all = (await harness.call<{ items: { id: string }[] }>('administrator', '/v1/connections')).body.items.map(
      ({ id }) => id,
    );
    const paged: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await harness.call<{ items: { id: string }[]; nextCursor: string | null }>(
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
    const { body: connection } = await harness.call('administrator', '/v1/connections', { post: connectionBody });
    expect(await harness.call('administrator', `/v1/connections/${connection.id}/rotate-key`, { post: {} })).toMatchObject({
      status: 404,
      body: { code: 'route_not_found' },
    });
    for (const id of ['nothing', '0190e2a4-0000-7000-8000-000000000001']) {
      expect(await harness.call('administrator', `/v1/connections/${id}`)).toMatchObject({
        status: 404,
        body: { code: 'connection_not_found' },
      });
    }
  });

  it('keeps the plaintext key out of every table and every answer (invariant 8)', async () => {
    await harness.call('administrator', '/v1/connections', { post: connectionBody });
    const listed = await harness.call('administrator', '/v1/connections');
    expect(JSON.stringify(listed.body)).not.toContain(apiKey);
    const tables = await harness.rows.query<{ name: string }[]>(
      `SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
    );
    expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['connections', 'outbox', 'inbox']));
    const encoded = [apiKey, Buffer.from(apiKey).toString('hex'), ...base64Parts(apiKey)];
    for (const { name } of tables) {
      for (const needle of encoded) {
        const [hit] = await harness.rows.query<[{ found: number }]>(
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
