import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SimulatorDriver, eventually } from '../../testing/simulator-driver';

describe('faults of the simulated Klaviyo', () => {
  let simulator: SimulatorDriver;

  beforeAll(async () => {
    simulator = await SimulatorDriver.start();
  });

  afterAll(() => simulator.close());

  beforeEach(() => simulator.reset());

  describe('faults', () => {
    const strike = (order: object) => simulator.control('POST', 'faults', order);

    it('answers with a status as often as told and then well again', async () => {
      await strike({ operation: 'bulk_import_profiles', times: 2, kind: 'status', status: 503, retryAfter: 3 });
      const refused = await simulator.submit([{ email: 'a@x.org' }]);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '3']);
      expect((await simulator.call('/api/lists')).status).toBe(200);
      expect((await simulator.submit([{ email: 'a@x.org' }])).status).toBe(503);
      expect((await simulator.submit([{ email: 'a@x.org' }])).status).toBe(202);
    });

    it('sends a 429 of its own like a real one, and any body as given', async () => {
      await strike([
        { operation: 'get_lists', kind: 'status', status: 429, retryAfter: 7 },
        { operation: 'get_lists', kind: 'status', status: 524, body: '<html>timeout</html>' },
      ]);
      const throttled = await simulator.call('/api/lists');
      expect(throttled.headers.get('ratelimit-limit')).toBeNull();
      expect(throttled.body.errors?.[0]?.detail).toBe('Request was throttled. Expected available in 7 seconds.');
      const page = await simulator.call('/api/lists');
      expect([page.status, page.text]).toEqual([524, '<html>timeout</html>']);
    });

    it('resets without doing anything', async () => {
      await strike({ operation: 'bulk_import_profiles', kind: 'reset' });
      await expect(simulator.submit([{ email: 'a@x.org' }])).rejects.toThrow();
      expect((await simulator.control('GET', 'accounts/ACC001/jobs')).json).toEqual({ items: [] });
    });

    it('loses the answer after the job was made, and imports its people', async () => {
      await strike({ operation: 'bulk_import_profiles', kind: 'lost_answer' });
      await expect(simulator.submit([{ email: 'a@x.org' }])).rejects.toThrow();
      await eventually(async () => ((await simulator.members()).length === 1 ? true : null));
      const log = (await simulator.control('GET', 'requests?operation=bulk_import_profiles')).json as { items: object[] };
      expect(log.items).toMatchObject([{ status: null, fault: 'lost_answer', profiles: 1, jobId: expect.any(String) }]);
    });

    it('keeps a fault of the service for a call that the service would have served', async () => {
      await strike([
        { operation: 'get_lists', kind: 'status', status: 500 },
        { operation: 'get_lists', kind: 'delay', delayMs: 1 },
      ]);
      expect((await simulator.call('/api/lists', { key: 'pk_wrong' })).status).toBe(401);
      expect((await simulator.control('GET', 'faults')).json).toMatchObject({ items: [{ kind: 'status', left: 1 }] });
      expect((await simulator.call('/api/lists')).status).toBe(500);
    });

    it('loses the answer of a refused import too', async () => {
      await strike({ operation: 'bulk_import_profiles', kind: 'lost_answer' });
      await expect(simulator.submit([{ email: 'bad' }])).rejects.toThrow();
      expect((await simulator.submit([{ email: 'bad' }])).status).toBe(400);
    });

    it('hangs until the caller gives up', async () => {
      await strike({ operation: 'get_lists', kind: 'hang' });
      const requests = async () => (await simulator.control('GET', 'requests')).json as { hanging: object[] };
      const caller = new AbortController();
      const call = expect(simulator.call('/api/lists', { signal: caller.signal })).rejects.toThrow();
      await eventually(async () => ((await requests()).hanging.length === 1 ? true : null));
      caller.abort();
      await call;
      await eventually(async () => ((await requests()).hanging.length === 0 ? true : null));
      const entry = await eventually(async () => {
        const log = (await simulator.control('GET', 'requests?operation=get_lists')).json as { items: object[] };
        return log.items[0] ?? null;
      });
      expect(entry).toMatchObject({ status: null, fault: 'hang' });
    });

    it('shows a challenge page, an empty answer and a late one', async () => {
      await strike([
        { operation: 'get_accounts', kind: 'html_challenge_403' },
        { operation: 'get_accounts', kind: 'empty_200' },
      ]);
      const challenge = await simulator.call('/api/accounts');
      expect([challenge.status, challenge.headers.get('cf-mitigated')]).toEqual([403, 'challenge']);
      expect(challenge.headers.get('content-type')).toContain('text/html');
      const empty = await simulator.call('/api/accounts');
      expect([empty.status, empty.text]).toEqual([200, '']);
      await strike({ operation: 'get_accounts', kind: 'delay', delayMs: 120 });
      const started = Date.now();
      expect((await simulator.call('/api/accounts')).status).toBe(200);
      expect(Date.now() - started).toBeGreaterThanOrEqual(110);
    });

    it('strikes only the account that it names, after as many calls as it names', async () => {
      const keys = [{ key: 'pk_other', scopes: 'all' }];
      await simulator.control('PUT', 'state', { accounts: [{ id: 'ACC002', keys }] });
      await strike({ operation: '*', kind: 'status', status: 500, account: 'ACC002', after: 1 });
      expect((await simulator.call('/api/lists')).status).toBe(200);
      expect((await simulator.call('/api/lists', { key: 'pk_other' })).status).toBe(200);
      expect((await simulator.call('/api/lists', { key: 'pk_other' })).status).toBe(500);
      expect((await simulator.call('/api/lists', { key: 'pk_other' })).status).toBe(200);
    });
  });
});
