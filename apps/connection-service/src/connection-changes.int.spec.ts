import { newId } from '@courier/kernel';
import { until } from '@courier/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectionBody, ServiceHarness } from './testing/service-harness';

describe('a connection', () => {
  let harness: ServiceHarness;

  beforeAll(async () => {
    harness = await ServiceHarness.open();
  });
  afterAll(() => harness.close());

  it('is changed field by field, unless the caller saw an older version', async () => {
    const { body: made, headers } = await harness.call('administrator', '/v1/connections', {
      post: { ...connectionBody, displayName: 'Old' },
    });
    const path = `/v1/connections/${made.id}`;
    expect(headers.get('etag')).toBe('"1"');
    const patched = await harness.call('administrator', path, {
      patch: { displayName: 'New', access: 'contributors', profileLimit: 7 },
    });
    expect(patched).toMatchObject({ status: 200, body: { displayName: 'New', access: 'contributors', profileLimit: 7 } });
    const changed = (await harness.messagesOf(made.id)).at(-1);
    expect(changed).toMatchObject({ access: 'contributors', profileLimit: 7 });
    expect(changed?.version).toBeGreaterThan(1);
    expect(patched.headers.get('etag')).toBe(`"${changed?.version}"`);
    const stale = { headers: { 'if-match': '"1"' } };
    for (const refused of [
      harness.call('administrator', path, { patch: { displayName: 'Newer' }, ...stale }),
      harness.call('administrator', `${path}/verify`, { post: {}, ...stale }),
      harness.call('administrator', path, { method: 'DELETE', ...stale }),
    ]) {
      expect(await refused).toMatchObject({ status: 412, body: { code: 'version_differs' } });
    }
    const tooMuch = await harness.call('administrator', path, { patch: { profileLimit: 1_000_001 } });
    expect(tooMuch).toMatchObject({ status: 400, body: { code: 'profile_limit_too_high' } });
    const later = await harness.call('administrator', path, { patch: { exportUser: { sub: 'bob', name: 'Bob' } } });
    expect(later).toMatchObject({ status: 400, body: { code: 'not_supported' } });
  });

  it('that a restore took back to an earlier version is removed for those who saw the later one', async () => {
    const { body: made } = await harness.call('administrator', '/v1/connections', { post: connectionBody });
    const path = `/v1/connections/${made.id}`;
    for (const displayName of ['Second', 'Third']) await harness.call('administrator', path, { patch: { displayName } });
    const seen = (await harness.messagesOf(made.id)).at(-1)?.version ?? 0;
    await harness.rows.query('UPDATE connections SET version = 1 WHERE id = $1', [made.id]);
    // No restore is done within the second of the last change.
    await until(() => Date.now() / 1_000 > seen + 1);
    await harness.call('administrator', path, { method: 'DELETE' });
    const removed = (await harness.messagesOf(made.id)).at(-1);
    expect(removed).toMatchObject({ state: 'removed' });
    expect(removed?.version).toBeGreaterThan(seen);
  });

  it('is made and checked once for each Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'once' };
    const post = { post: { ...connectionBody, displayName: 'Once' }, headers };
    const made = await harness.call('administrator', '/v1/connections', post);
    const again = await harness.call('administrator', '/v1/connections', post);
    expect(again).toMatchObject({ status: 201, body: { id: made.body.id } });
    expect(again.headers.get('location')).toBe(made.headers.get('location'));
    const path = `/v1/connections/${made.body.id}/verify`;
    for (let tries = 0; tries < 2; tries += 1)
      expect((await harness.call('administrator', path, { post: {}, headers })).status).toBe(202);
    expect((await harness.messagesOf(made.body.id)).map(({ version }) => version)).toEqual([1, expect.any(Number)]);
  });

  it('is not removed while exports use it, and tells them what becomes of them when it is', async () => {
    const { body: made } = await harness.call('administrator', '/v1/connections', {
      post: { ...connectionBody, displayName: 'Used' },
    });
    const path = `/v1/connections/${made.id}`;
    const exported = { exportId: newId(), connectionId: made.id };
    await harness.announceExport({ ...exported, version: 1, state: 'active' });
    await harness.awaitExport(exported.exportId, 1);
    expect(await harness.call('administrator', path, { method: 'DELETE' })).toMatchObject({
      status: 409,
      body: { code: 'connection_in_use', errors: [{ path: `exports/${exported.exportId}` }] },
    });
    expect(await harness.call('administrator', `${path}?exports=keep`, { method: 'DELETE' })).toMatchObject({ status: 400 });
    expect(await harness.call('administrator', `${path}?exports=detach`, { method: 'DELETE' })).toMatchObject({
      status: 200,
      body: { state: 'removed', exports: [{ id: exported.exportId, name: 'High value' }] },
    });
    expect((await harness.messagesOf(made.id)).at(-1)).toMatchObject({ state: 'removed', credential: null, exports: 'detach' });
    for (const gone of [
      harness.call('administrator', path),
      harness.call('administrator', path, { method: 'DELETE' }),
      harness.call('administrator', `${path}/verify`, { post: {} }),
      harness.call('administrator', `/v1/connections/${newId()}/verify`, { post: {} }),
    ]) {
      expect(await gone).toMatchObject({ status: 404, body: { code: 'connection_not_found' } });
    }
    const { body: listed } = await harness.call<{ items: { id: string }[] }>('administrator', '/v1/connections');
    expect(listed.items.map(({ id }) => id)).not.toContain(made.id);
    const [row] = await harness.rows.query<[{ credential: object }]>('SELECT credential FROM connections WHERE id = $1', [
      made.id,
    ]);
    expect(row.credential).toMatchObject({ sealed: '', last4: '' });
  });

  it('leaves one record of each change to the audit and its topic, and none of what changed nothing', async () => {
    const headers = { 'idempotency-key': 'audited' };
    const post = { post: { ...connectionBody, displayName: 'Audited' }, headers };
    const make = () => harness.call('administrator', '/v1/connections', post);
    const [{ body: made }] = await Promise.all([make(), make()]);
    const path = `/v1/connections/${made.id}`;
    await harness.call('administrator', path, { patch: { displayName: 'Audited', profileLimit: made.profileLimit } });
    await harness.call('administrator', path, { patch: { displayName: 'Renamed', access: 'contributors', profileLimit: 7 } });
    await harness.call('administrator', path, { patch: { profileLimit: 1_000_001 } });
    for (let tries = 0; tries < 2; tries += 1) await harness.call('administrator', `${path}/verify`, { post: {}, headers });
    const used = { exportId: newId(), connectionId: made.id };
    await harness.announceExport({ ...used, version: 1, state: 'active' });
    await harness.awaitExport(used.exportId, 1);
    await harness.call('administrator', path, { method: 'DELETE' });
    await harness.call('administrator', `${path}?exports=detach`, { method: 'DELETE' });

    const actor = { sub: 'administrator', name: 'The administrator', roles: ['administrator'], address: '127.0.0.1' };
    const always = { actor, aggregate: { type: 'connection', id: made.id }, reason: null, changes: [], related: [] };
    const expected = [
      { action: 'connection.created' },
      {
        action: 'connection.changed',
        changes: [
          { field: 'displayName' },
          { field: 'access', from: 'administrators', to: 'contributors' },
          { field: 'profileLimit', from: 100_000, to: 7 },
        ],
      },
      { action: 'connection.verification_requested' },
      {
        action: 'connection.removed',
        changes: [{ field: 'exports', to: 'detach' }],
        related: [{ type: 'export', id: used.exportId }],
      },
    ].map((event) => ({ ...always, ...event }));
    const { body } = await harness.call<{ items: object[] }>('administrator', `/v1/audit-events?concerns=${made.id}`);
    expect(body.items.toReversed()).toMatchObject(expected);
    const told = await harness.rows.query<{ value: object }[]>(
      `SELECT value::jsonb AS value FROM outbox WHERE topic = 'audit.events' AND key = $1 ORDER BY id`,
      [made.id],
    );
    expect(told.map(({ value }) => value)).toMatchObject(expected);
  });

  it('is removed as soon as the word comes that nothing uses it any more', async () => {
    const { body: made } = await harness.call('administrator', '/v1/connections', {
      post: { ...connectionBody, displayName: 'Freed' },
    });
    const exported = { exportId: newId(), connectionId: made.id };
    await harness.announceExport({ ...exported, version: 1, state: 'active' });
    await harness.awaitExport(exported.exportId, 1);
    const removing = harness.call('administrator', `/v1/connections/${made.id}`, { method: 'DELETE' });
    // As the consumer records it: on a busy machine its way over the topic may take longer than a removal waits.
    await harness.rows.query('UPDATE known_exports SET version = 2, removed = true WHERE id = $1', [exported.exportId]);
    expect(await removing).toMatchObject({ status: 200, body: { exports: [] } });
  });

  it('is removed once the word has come over the topic that nothing uses it any more', async () => {
    const { body: made } = await harness.call('administrator', '/v1/connections', {
      post: { ...connectionBody, displayName: 'Free' },
    });
    const exported = { exportId: newId(), connectionId: made.id };
    await harness.announceExport({ ...exported, version: 1, state: 'active' });
    await harness.announceExport({ ...exported, version: 2, state: 'removed' });
    await harness.awaitExport(exported.exportId, 2);
    const removed = await harness.call('administrator', `/v1/connections/${made.id}`, { method: 'DELETE' });
    expect(removed).toMatchObject({ status: 200, body: { exports: [] } });
  });
});
