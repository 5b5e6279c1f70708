import { once } from 'node:events';
import { createConnection } from 'node:net';
import { startSimulator } from '../../../start-simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FULL_KEY, SimulatorDriver, eventually, headersOf, importBody } from '../../../testing/simulator-driver';

describe('the control plane around the simulated Klaviyo', () => {
  let simulator: SimulatorDriver;

  beforeAll(async () => {
    simulator = await SimulatorDriver.start();
  });

  afterAll(() => simulator.close());

  beforeEach(() => simulator.reset());

  describe('the control plane', () => {
    it.each([
      ['POST', 'faults', { operation: 'get_moon', kind: 'reset' }, 'operation'],
      ['POST', 'faults', [{ operation: 'get_lists', kind: 'status' }], '0.status'],
      ['PUT', 'job-rules', { stuck: 'for ever' }, 'stuck'],
      ['PUT', 'knobs', { missingRevision: 'maybe' }, 'missingRevision'],
      ['PUT', 'limits', { operations: { get_lists: { burst: -1, steady: 1 } } }, 'operations.get_lists.burst'],
      ['PUT', 'state', { accounts: [{ id: 'A', keys: [{ key: 'k' }] }] }, 'accounts.0.keys.0.key'],
    ])('refuses bad input to %s %s by name', async (method, path, body, place) => {
      const refused = await simulator.control(method, path, body);
      expect(refused.status).toBe(400);
      const problem = refused.json as { code: string; errors: { path: string }[] };
      expect(problem.code).toBe('invalid_control_input');
      expect(problem.errors.map((issue) => issue.path)).toContain(place);
    });

    it('names unknown fields, accounts, lists and resources', async () => {
      expect((await simulator.control('PUT', 'knobs', { colour: 'red' })).status).toBe(400);
      expect((await simulator.control('GET', 'accounts/NOPE/jobs')).json).toMatchObject({ code: 'unknown_account' });
      expect((await simulator.control('GET', 'accounts/ACC001/lists/NOPE')).json).toMatchObject({ code: 'unknown_list' });
      expect((await simulator.control('GET', 'moon')).json).toMatchObject({ code: 'unknown_control' });
      const init = { method: 'PUT', headers: { connection: 'close' }, body: '{' };
      const broken = await fetch(`${simulator.url}/_control/knobs`, init);
      expect(await broken.json()).toMatchObject({ code: 'invalid_control_json' });
    });

    it('starts anew on reset, and never shows a key or an address in its log', async () => {
      await simulator.control('PUT', 'state', { accounts: [{ id: 'ACC009', keys: [{ key: 'pk_secret_9', scopes: 'all' }] }] });
      await simulator.submit([{ email: 'secret@x.org' }]);
      await simulator.call(`/api/profiles?filter=${encodeURIComponent('equals(email,"secret@x.org")')}`);
      const log = await simulator.control('GET', 'requests');
      expect(log.json).toMatchObject({ counts: { bulk_import_profiles: { total: 1, byStatus: { '202': 1 } } } });
      const state = await simulator.control('GET', 'state');
      for (const text of [log.text, state.text]) {
        for (const secret of [FULL_KEY, 'pk_secret_9', 'secret@x.org']) expect(text).not.toContain(secret);
      }
      expect(state.text).toContain('ACC009');
      expect((await simulator.control('PUT', 'state', { reset: true })).text).not.toContain('ACC009');
      expect((await simulator.control('GET', 'requests')).json).toEqual({ counts: {}, hanging: [], items: [] });
    });

    it('knows people that were there before, and leaves their consent alone', async () => {
      const profiles = [{ email: 'old@x.org', consent: 'SUBSCRIBED', lists: ['LST001'] }];
      await simulator.control('PUT', 'state', { accounts: [{ id: 'ACC001', profiles }] });
      const before = (await simulator.control('GET', 'accounts/ACC001/profiles/old@x.org')).json as { memberships: object[] };
      await simulator.completed((await simulator.import([{ email: 'old@x.org', title: 'Dr' }])).id);
      const after = await simulator.control('GET', 'accounts/ACC001/profiles/old@x.org');
      expect(after.json).toMatchObject({ consent: 'SUBSCRIBED', attributes: { title: 'Dr' }, memberships: before.memberships });
    });
  });

  it('writes no key, no address and no body to its log lines', async () => {
    const lines: string[] = [];
    const line = (...parts: unknown[]) => void lines.push(parts.map(String).join(' '));
    const logger = { log: line, warn: line, error: line, debug: line, verbose: line, fatal: line };
    const keys = [{ key: FULL_KEY, scopes: 'all' as const }];
    const own = await startSimulator({ port: 0, host: '127.0.0.1', seed: { accounts: [{ id: 'ACC001', keys }] } }, logger);
    try {
      for (const path of [
        'profiles?filter=equals(email,"ada@x.org")',
        'profiles?filter=ada@x.org',
        'nothing/ada@x.org',
        'lists/%E0%A4%A',
      ]) {
        await (await fetch(`${own.url}/api/${path}`, { headers: headersOf(FULL_KEY) })).text();
      }
      const body = JSON.stringify(importBody([{ email: 'ada@x.org', bad: 1 }]));
      const init = { method: 'POST', body, headers: headersOf(FULL_KEY) };
      await (await fetch(`${own.url}/api/profile-bulk-import-jobs`, init)).text();
    } finally {
      await own.close();
    }
    expect(lines.length).toBeGreaterThan(0);
    for (const secret of [FULL_KEY, 'ada', '0001']) expect(lines.join('\n')).not.toContain(secret);
  });

  it('is live and ready, and closes although a caller hangs', async () => {
    const own = await startSimulator({ port: 0, host: '127.0.0.1', seed: { accounts: [] } }, false);
    const headers = { connection: 'close' };
    let closed;
    try {
      expect((await fetch(`${own.url}/health/live`, { headers })).status).toBe(200);
      expect((await fetch(`${own.url}/health/ready`, { headers })).status).toBe(200);
      const faults = JSON.stringify({ operation: 'get_lists', kind: 'hang' });
      await fetch(`${own.url}/_control/faults`, { method: 'POST', headers, body: faults });
      const socket = createConnection(Number(new URL(own.url).port), '127.0.0.1');
      await once(socket, 'connect');
      closed = once(socket, 'close');
      socket.on('error', () => socket.destroy());
      socket.write('GET /api/lists HTTP/1.1\r\nHost: x\r\n\r\n');
      await eventually(async () => {
        const { items } = (await (await fetch(`${own.url}/_control/faults`, { headers })).json()) as { items: unknown[] };
        return items.length === 0 ? true : null;
      });
    } finally {
      await own.close();
    }
    await closed;
  });
});
