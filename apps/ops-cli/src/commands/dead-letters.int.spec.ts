import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runOps } from '../program';
import type { Terminal } from '../terminal';

const letter = {
  id: 'd-1',
  consumer: 'klaviyo-sink',
  topic: 'klaviyo.batches',
  partition: 2,
  offset: '7',
  eventId: null,
  eventType: null,
  reason: 'handler_failed',
  detail: 'TypeError',
  remedy: 'Mend it.',
  sha256: 'f'.repeat(64),
  bytes: 10,
  at: '2026-11-24T02:00:00.000Z',
  state: 'open',
  retries: 0,
  resolved: null,
};

describe('ops dead-letters', () => {
  let server: Server;
  let url: string;
  let result = 'done';
  let state = 'open';
  const heard: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      const { method = '', url: path = '' } = request;
      heard.push(`${method} ${path}`);
      const isSink = path.startsWith('/sink');
      const found = path.includes('?') || isSink;
      response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
      if (path.includes('?')) response.end(JSON.stringify({ items: isSink ? [letter] : [], nextCursor: null }));
      else if (method === 'POST') response.end(JSON.stringify({ result, deadLetter: letter }));
      else response.end(JSON.stringify(isSink ? { ...letter, state } : { code: 'dead_letter_not_found', title: 'Not found' }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    state = 'open';
    heard.length = 0;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  async function ops(...args: string[]) {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const env = {
      STACK_DIR: '/nowhere',
      OPS_CONNECTION_SERVICE_URL: `${url}/connections`,
      OPS_EXPORT_ORCHESTRATOR_URL: `${url}/orchestrator`,
      OPS_KLAVIYO_SINK_URL: `${url}/sink`,
      OPS_TOKEN: 't',
    };
    const exitCode = await runOps(['dead-letters', ...args], { env, cwd: '/', stdin, stdout, stderr } as unknown as Terminal);
    return { exitCode, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
  }
  const posts = () => heard.filter((call) => call.startsWith('POST'));

  it('lists those of every service, the open ones unless told', async () => {
    const { exitCode, stdout } = await ops('list');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('klaviyo.batches/2/7');
    expect(heard).toEqual(['orchestrator', 'sink', 'connections'].map((service) => `GET /${service}/v1/dead-letters?state=open`));
  });

  it.each(['retry', 'discard'])('says without --yes that it would not %s what is decided', async (verb) => {
    state = 'discarded';
    const { exitCode, stdout } = await ops(verb, 'd-1', '--reason', 'mended');
    expect(exitCode).toBe(2);
    expect(stdout).toContain('It is discarded: with --yes the answer would be dead_letter_resolved.');
    expect(posts()).toEqual([]);
  });

  it.each(['retry', 'discard'])('does not %s without --yes, and says so', async (verb) => {
    const { exitCode, stdout } = await ops(verb, 'd-1', '--reason', 'mended');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Nothing was done/);
    expect(posts()).toEqual([]);
  });

  it.each([
    ['done', 0, /taken in/],
    ['dead_lettered', 2, /still cannot be used.*\nRemedy: Mend it/],
  ])('retries at the service that put it aside: %s exits with %i', async (ended, expected, text) => {
    result = ended;
    const { exitCode, stdout } = await ops('retry', 'd-1', '--reason', 'mended', '--yes');
    expect(exitCode).toBe(expected);
    expect(stdout).toMatch(text);
    expect(posts()).toEqual(['POST /sink/v1/dead-letters/d-1/retry']);
  });

  it('wants a reason', async () => {
    expect((await ops('retry', 'd-1', '--yes')).exitCode).toBe(1);
  });
});
