import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FULL_KEY, SimulatorDriver, headersOf, type ErrorEntry } from '../../testing/simulator-driver';

describe('access to the simulated Klaviyo', () => {
  let simulator: SimulatorDriver;

  beforeAll(async () => {
    simulator = await SimulatorDriver.start();
  });

  afterAll(() => simulator.close());

  beforeEach(() => simulator.reset());

  describe('who may ask', () => {
    const error = async (headers: Record<string, string>) => {
      const response = await fetch(`${simulator.url}/api/accounts`, { headers: { connection: 'close', ...headers } });
      const { errors } = (await response.json()) as { errors: ErrorEntry[] };
      return { status: response.status, error: errors[0], limit: response.headers.get('ratelimit-limit') };
    };

    it('answers the account of a good key', async () => {
      const { status, headers, data } = await simulator.call('/api/accounts/');
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('application/vnd.api+json');
      expect(data).toMatchObject([{ type: 'account', id: 'ACC001', attributes: { public_api_key: 'ACC001' } }]);
    });

    it.each([
      ['no key', {}],
      ['another scheme', { Authorization: `Bearer ${FULL_KEY}` }],
    ])('refuses %s in the recorded words', async (_case, headers: Record<string, string>) => {
      const refused = await error({ revision: '2026-07-15', ...headers });
      expect(refused).toMatchObject({
        status: 401,
        error: {
          status: 401,
          code: 'not_authenticated',
          title: 'Authentication credentials were not provided.',
          detail: 'Missing or invalid authorization scheme. Please use Klaviyo-API-Key.',
          source: { pointer: '/data/' },
          links: {},
          meta: {},
        },
        limit: null,
      });
      expect(refused.error?.id).toMatch(/^[0-9a-f-]{36}$/);
    });

    it('refuses an unknown key with 401, or 400 where the knob says so', async () => {
      expect(await error(headersOf('pk_wrong'))).toMatchObject({ status: 401, error: { code: 'authentication_failed' } });
      await simulator.control('PUT', 'knobs', { invalidKeyStatus: 400 });
      expect(await error(headersOf('pk_wrong'))).toMatchObject({ status: 400, error: { code: 'authentication_failed' } });
    });

    it('names the scopes that a key lacks, before it looks at the body', async () => {
      const keys = [{ key: 'pk_reader', scopes: ['accounts:read', 'lists:read', 'profiles:write'] }];
      await simulator.control('PUT', 'state', { accounts: [{ id: 'ACC001', keys }] });
      const refused = await simulator.call('/api/profile-bulk-import-jobs', { method: 'POST', body: '{', key: 'pk_reader' });
      expect(refused.status).toBe(403);
      expect(refused.body.errors?.[0]).toMatchObject({
        code: 'permission_denied',
        detail: 'Your API key is missing required scopes: lists:write',
      });
      expect((await simulator.call('/api/lists/', { key: 'pk_reader' })).status).toBe(200);
      expect((await simulator.call('/api/profiles', { key: 'pk_reader' })).body.errors?.[0]?.detail).toContain('profiles:read');
    });

    it('wants a revision, and retires one for callers that opted out of falling forward', async () => {
      const key = { connection: 'close', Authorization: `Klaviyo-API-Key ${FULL_KEY}` };
      expect(await error(key)).toMatchObject({ status: 400 });
      expect(await error({ ...key, revision: 'latest' })).toMatchObject({ status: 400 });
      await simulator.control('PUT', 'knobs', { missingRevision: 'accept', retiredRevisions: ['2024-01-01'] });
      expect((await fetch(`${simulator.url}/api/accounts`, { headers: key })).status).toBe(200);
      const old = { ...key, revision: '2024-01-01' };
      expect((await fetch(`${simulator.url}/api/accounts`, { headers: old })).status).toBe(200);
      expect(await error({ ...old, 'X-Klaviyo-Revision-Fall-Forward-Opt-Out': '1' })).toMatchObject({ status: 410 });
    });
  });

  describe('limits', () => {
    it('sends the recorded header shapes on every answer but 429', async () => {
      await simulator.control('PUT', 'limits', { enabled: true });
      for (const path of ['/api/profile-bulk-import-jobs', '/api/profile-bulk-import-jobs/nope']) {
        const { headers } = await simulator.call(path);
        expect(headers.get('ratelimit-limit')).toBe('10, 10;w=1, 150;w=60');
        expect(headers.get('ratelimit-remaining')).toBe('9');
        expect(headers.get('ratelimit-reset')).toBe('0');
      }
    });

    it('answers 429 with Retry-After and without RateLimit headers once the window is used up', async () => {
      await simulator.control('PUT', 'limits', { enabled: true });
      await simulator.control('POST', 'limits/consume', { account: 'ACC001', operation: 'bulk_import_profiles', count: 150 });
      const refused = await simulator.submit([{ email: 'a@x.org' }]);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(refused.headers.get('ratelimit-limit')).toBeNull();
      expect(refused.body.errors?.[0]).toMatchObject({
        code: 'throttled',
        title: 'Request was throttled.',
        source: { pointer: '/data' },
      });
      expect((await simulator.control('GET', 'accounts/ACC001/jobs')).json).toEqual({ items: [] });
    });

    it('limits the member count of a list apart from the list itself, also where all keys of an account share it', async () => {
      await simulator.control('PUT', 'limits', {
        enabled: true,
        operations: { 'get_list:profile_count': { burst: 1, steady: 1 } },
      });
      await simulator.control('PUT', 'state', { accounts: [{ id: 'ACC001', keys: [{ key: 'pk_second', scopes: 'all' }] }] });
      const counted = await simulator.call('/api/lists/LST001?additional-fields[list]=profile_count');
      expect(counted.headers.get('ratelimit-limit')).toBe('1, 1;w=1, 1;w=60');
      expect(counted.data[0]?.attributes).toMatchObject({ profile_count: 0 });
      expect((await simulator.call('/api/lists/LST001?additional-fields[list]=profile_count', { key: 'pk_second' })).status).toBe(
        429,
      );
      expect((await simulator.call('/api/lists/LST001', { key: 'pk_second' })).status).toBe(200);
    });
  });

  it('answers a wrong method with 405, unknown parts with 404 and unknown parameters with 400', async () => {
    expect((await simulator.call('/api/accounts', { method: 'DELETE' })).body.errors?.[0]).toMatchObject({ status: 405 });
    expect((await simulator.call('/api/campaigns')).body.errors?.[0]).toMatchObject({ status: 404, code: 'not_found' });
    expect((await simulator.call('/api/profiles?limit=3')).body.errors?.[0]?.source).toEqual({ parameter: 'limit' });
  });
});
