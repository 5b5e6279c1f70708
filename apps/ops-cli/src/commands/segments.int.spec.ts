import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runOps } from '../program';
import type { Terminal } from '../terminal';

const lastRefresh = { sequence: 4, result: 'successful', receivedAt: '2026-11-24T02:15:44.000Z' };
const segment = { id: 'Seg/1', displayName: 'High value', lastRefresh };
const shown = {
  ...segment,
  newestSequence: 1_795_545_370_813,
  staleInARow: 3,
  newestSnapshot: { refreshId: 'r', sequence: 9, rowCount: 1_000, createdAt: null, expiresAt: null },
  exports: [{ id: 'e-1', name: 'Newsletter', state: 'active' }],
};

describe('ops segments', () => {
  let server: Server;
  let url: string;
  const heard: { call: string; body: string }[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      const { method = '', url: path = '' } = request;
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        heard.push({ call: `${method} ${path}`, body: Buffer.concat(chunks).toString() });
        response.writeHead(200, { 'content-type': 'application/json' });
        const isList = path.startsWith('/v1/segments?') || path === '/v1/segments';
        const isRun = path.endsWith('/runs');
        response.end(
          JSON.stringify(isList ? { items: [segment], nextCursor: 'c' } : isRun ? { id: 'r-1', status: 'queued' } : shown),
        );
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    heard.length = 0;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  async function ops(...args: string[]) {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const env = { STACK_DIR: '/nowhere', OPS_EXPORT_ORCHESTRATOR_URL: url, OPS_TOKEN: 't' };
    const exitCode = await runOps(args, { env, cwd: '/', stdin, stdout, stderr } as unknown as Terminal);
    return { exitCode, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
  }

  it('list them with what was heard last', async () => {
    const { exitCode, stdout } = await ops('segments', 'list', '--limit', '1');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Seg\/1 +High value +4 +successful +2026-11-24T02:15:44Z/);
    expect(stdout).toContain('--cursor c');
    expect(heard).toMatchObject([{ call: 'GET /v1/segments?limit=1' }]);
  });

  it('show one with its sequence and the exports that use it', async () => {
    const { stdout } = await ops('segments', 'show', 'Seg/1');
    expect(heard).toMatchObject([{ call: 'GET /v1/segments/Seg%2F1' }]);
    expect(stdout).toMatch(/Taken +what is above 1795545370813/);
    expect(stdout).toMatch(/Stale in a row +3/);
    expect(stdout).toMatch(/e-1 +Newsletter +active/);
    expect(JSON.parse((await ops('segments', 'show', 'Seg/1', '-o', 'json')).stdout)).toEqual(shown);
  });

  it('reset its sequence for a reason', async () => {
    expect(await ops('segments', 'reset-sequence', 'Seg/1')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('--reason'),
    });
    expect((await ops('segments', 'reset-sequence', 'Seg/1', '--reason', 'why', '--sequence', '3')).exitCode).toBe(0);
    await ops('segments', 'reset-sequence', 'Seg/1', '--reason', 'why');
    const call = 'POST /v1/segments/Seg%2F1/reset-sequence';
    expect(heard.map(({ call: made, body }) => [made, JSON.parse(body) as object])).toEqual([
      [call, { reason: 'why', sequence: 3 }],
      [call, { reason: 'why' }],
    ]);
  });

  it('and runs start without their ledger on an administrator’s word alone', async () => {
    await ops('runs', 'start', '--export', 'e-1');
    await ops('runs', 'start', '--export', 'e-1', '--without-ledger', '--reason', 'the disk is gone');
    expect(heard.map(({ body }) => JSON.parse(body) as object)).toEqual([
      { kind: 'full' },
      { kind: 'full', withoutLedger: true, reason: 'the disk is gone' },
    ]);
  });
});
