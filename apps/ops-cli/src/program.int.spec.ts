import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runOps } from './program';
import type { Terminal } from './terminal';

interface Heard {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** What the service answers to everything, and what it was asked. */
let answer: { status: number; body: object | string } = { status: 200, body: {} };
/** What it answers to a path instead: one after the other, the last for good. */
const answers = new Map<string, { status: number; body: object }[]>();
const heard: Heard[] = [];
const used = new WeakSet<object>();
let server: Server;
let url: string;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'courier-ops-'));
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      heard.push({ method, url: path, headers, body: Buffer.concat(chunks).toString() });
      // Whoever keeps a connection meets one that is closed just when it is used.
      if (used.has(request.socket)) return request.socket.resetAndDestroy();
      used.add(request.socket);
      const own = answers.get(path) ?? [];
      const { status, body } = (own.length > 1 ? own.shift() : own[0]) ?? answer;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  answers.clear();
  heard.length = 0;
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(dir, { recursive: true });
});

async function ops(args: string[], given: { stdin?: string; env?: NodeJS.ProcessEnv } = {}) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end(given.stdin ?? '');
  const env = {
    STACK_DIR: join(dir, 'none'),
    OPS_CONNECTION_SERVICE_URL: url,
    OPS_EXPORT_ORCHESTRATOR_URL: `${url}/`,
    OPS_TOKEN: 't',
  };
  const terminal = { env: { ...env, ...given.env }, cwd: dir, stdin, stdout, stderr } as unknown as Terminal;
  const exitCode = await runOps(args, terminal);
  const text = (stream: PassThrough): string => String(stream.read() ?? '');
  return { exitCode, stdout: text(stdout), stderr: text(stderr) };
}

const connection = { id: 'c-1', displayName: 'Shop', type: 'klaviyo', state: 'connected' };
const create = ['connections', 'create', '--name', 'Shop', '--consent', '--wait', '5', '--api-key-file'];

describe('ops against a service', () => {
  it('sends the token, on a connection that is used once, and prints one JSON document', async () => {
    answer = { status: 200, body: { items: [connection], nextCursor: 'more' } };
    const { exitCode, stdout, stderr } = await ops(['connections', 'list', '-o', 'json']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(answer.body);
    expect(heard[0]).toMatchObject({ method: 'GET', url: '/v1/connections' });
    expect(heard[0]?.headers).toMatchObject({ authorization: 'Bearer t', connection: 'close' });
  });

  it('prints a table for people and says that there is more', async () => {
    answer = { status: 200, body: { items: [connection], nextCursor: 'abc' } };
    const { stdout } = await ops(['connections', 'list']);
    expect(stdout).toMatch(/^ID +NAME +STATE .*\nc-1 +Shop +connected/);
    expect(stdout).toContain('--cursor abc');
  });

  it('hands filters to the service', async () => {
    answer = { status: 200, body: { items: [], nextCursor: null } };
    const filters = ['--export', 'e 1', '--status', 'failed', '--from', '2026-11-24', '--limit', '5'];
    const { stdout } = await ops(['runs', 'list', ...filters]);
    expect(stdout).toBe('There are no such runs.\n');
    expect(heard[0]?.url).toBe('/v1/runs?exportId=e%201&status=failed&from=2026-11-24T00%3A00%3A00.000Z&limit=5');
  });

  it.each([
    ['stdin', '-'],
    ['a file', 'key.txt'],
  ])('takes the API key from %s and prints it nowhere', async (_where, from) => {
    writeFileSync(join(dir, 'key.txt'), 'pk_secret_0001\n');
    answer = { status: 201, body: connection };
    const { exitCode, stdout, stderr } = await ops([...create, from], { stdin: 'pk_secret_0001\n' });
    expect(exitCode).toBe(0);
    expect(heard[0]?.headers['prefer']).toBe('wait=5');
    expect(JSON.parse(heard[0]?.body ?? '')).toEqual({
      displayName: 'Shop',
      type: 'klaviyo',
      apiKey: 'pk_secret_0001',
      dataPrivacyConsent: { accepted: true },
    });
    expect(stdout + stderr).not.toContain('pk_secret');
  });

  it('tells by its exit code that the key is not good', async () => {
    const attention = { code: 'invalid_api_key', detail: 'Klaviyo refuses the key.', remedy: 'Send another one.' };
    answer = { status: 201, body: { ...connection, state: 'needs_attention', attention } };
    const { exitCode, stdout } = await ops([...create, '-'], { stdin: 'pk' });
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/Klaviyo refuses the key\. \(invalid_api_key\)\nRemedy +Send another one\./);
  });

  it('creates nothing without a key', async () => {
    const { exitCode, stderr } = await ops([...create, '-'], { stdin: ' \n' });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('stdin was empty');
    expect(heard).toEqual([]);
  });

  it('tells a problem as what, why and remedy', async () => {
    answer = {
      status: 400,
      body: {
        title: 'Invalid request',
        status: 400,
        detail: 'One field is wrong.',
        code: 'invalid_request',
        remedy: 'Mend it.',
        requestId: 'r-9',
        errors: [{ path: 'listId', code: 'invalid', detail: 'Not an id.' }],
      },
    };
    const line = ['exports', 'create', '--name', 'x', '--connection', 'c', '--list', '?', '--segment', 's', '--email', 'Email'];
    const { exitCode, stdout, stderr } = await ops(line);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toBe(
      'Error: export-orchestrator refused: Invalid request.\nWhy: One field is wrong. (invalid_request)\n' +
        '  - listId: Not an id.\nRemedy: Mend it.\nRequest: r-9\n',
    );
  });

  it.each([403, 404, 409, 422])('fails with 2 where the service refuses with %i', async (status) => {
    answer = { status, body: { title: 'No', code: 'no' } };
    expect((await ops(['exports', 'show', 'e-1'])).exitCode).toBe(2);
  });

  it('explains an answer that is no problem document', async () => {
    answer = { status: 502, body: '<html>Bad gateway</html>' };
    const { exitCode, stderr } = await ops(['exports', 'show', 'e-1']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('The answer has status 502 and no explanation. (http_502)');
  });

  it('explains an answer that says all is well and is no JSON', async () => {
    answer = { status: 200, body: '<html>Welcome</html>' };
    const { exitCode, stdout, stderr } = await ops(['exports', 'show', 'e-1']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('Error: export-orchestrator answered something else than JSON.');
  });

  it('explains that a service is away', async () => {
    const { exitCode, stderr } = await ops(['runs', 'list'], { env: { OPS_EXPORT_ORCHESTRATOR_URL: 'http://127.0.0.1:1' } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Error: export-orchestrator does not answer.');
    expect(stderr).toContain('(unreachable)');
  });

  it('sends the token of one service nowhere else', async () => {
    const other = createServer((_request, response) => response.writeHead(307, { location: `${url}/v1/runs` }).end());
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const away = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const { exitCode } = await ops(['runs', 'list'], { env: { OPS_EXPORT_ORCHESTRATOR_URL: away } }).finally(() => {
      other.close();
      other.closeAllConnections();
    });
    expect(exitCode).toBe(2);
    expect(heard).toEqual([]);
  });
});

describe('a run that waits for its connection', () => {
  const attention = { code: 'invalid_api_key', detail: 'Klaviyo refuses the key.', remedy: 'Rotate it.' };
  const waiting = { reason: 'connection_needs_attention', since: '2026-11-24T02:15:44.000Z', until: null };
  const names = ['snapshotRows', 'duplicates', 'invalid', 'excluded', 'unchanged', 'toAdd', 'toChange', 'toRemove', 'accepted'];
  const counts = Object.fromEntries([...names, 'rejected', 'unconfirmed', 'withheld', 'notAttempted'].map((name) => [name, 0]));
  const numbers = { counts, invalidReasons: {}, rejectedReasons: {}, warnings: [], batches: { total: 0, finished: 0 } };
  const run = { id: 'r-1', exportId: 'e-1', status: 'queued', waiting, snapshots: [], reason: null, startedBy: null, ...numbers };

  beforeEach(() => {
    answers.set('/v1/runs/r-1', [{ status: 200, body: run }]);
    answers.set('/v1/runs/r-1/batches', [{ status: 200, body: { items: [], nextCursor: null } }]);
    answers.set('/v1/exports/e-1', [{ status: 200, body: { id: 'e-1', connectionId: 'c-1' } }]);
    answers.set('/v1/connections/c-1', [{ status: 200, body: { ...connection, state: 'needs_attention', attention } }]);
  });

  const all = [
    /^Waiting +connection_needs_attention since 2026-11-24T02:15:44Z, at most to its deadline \(RUN_DEADLINE_HOURS\)$/m,
    /^Connection +c-1 \(needs_attention\)$/m,
    /^Attention +Klaviyo refuses the key\. \(invalid_api_key\)$/m,
    /^Remedy +Rotate it\.$/m,
    /^See +ops connections show c-1$/m,
  ];

  it('says which, what is wrong with it, what helps and until when', async () => {
    const { exitCode, stdout } = await ops(['runs', 'show', 'r-1']);
    for (const line of all) expect(stdout).toMatch(line);
    expect(exitCode).toBe(0);
  });

  it('says so once while it is watched', async () => {
    const end = { ...run, status: 'succeeded', waiting: null };
    answers.set(
      '/v1/runs/r-1',
      [...Array<object>(2).fill(run), end].map((body) => ({ status: 200, body })),
    );
    const { exitCode, stderr } = await ops(['runs', 'watch', 'r-1']);
    for (const line of all) expect(stderr).toMatch(line);
    expect(stderr.match(/Rotate it/g)).toHaveLength(1);
    expect(exitCode).toBe(0);
  });

  it('names the command where the caller may not see the connection, and the time that the run itself knows', async () => {
    const timed = { ...run, waiting: { ...waiting, until: '2026-11-25T02:15:44.000Z' } };
    answers.set('/v1/runs/r-1', [{ status: 200, body: timed }]);
    answers.set('/v1/connections/c-1', [{ status: 403, body: { code: 'forbidden' } }]);
    const { exitCode, stdout } = await ops(['runs', 'show', 'r-1']);
    expect(stdout).toMatch(/^Waiting .*, until 2026-11-25T02:15:44Z\nConnection +c-1\nSee +ops connections show c-1$/m);
    expect(exitCode).toBe(0);
  });
});

describe('a decision about a partition, without --yes', () => {
  const place = { topic: 'segment.refreshes', partition: 4 };
  const intake = (code: string | null, epochs: object[] = []) => ({
    consumer: 'export-orchestrator',
    partitions: [{ ...place, position: 2, highest: 2, generation: 0, paused: code && { code, detail: 'why', since: 'now' } }],
    epochs,
    journal: [],
  });
  const decide = (...decision: string[]) => ops(['replay', ...decision, '--partition', '4', '--reason', 'x']);
  const where = "--topic segment.refreshes --partition 4 --reason '...'";

  it.each([
    ['topic_truncated', ['adopt']],
    ['retention_gap', ['approve', '--skip']],
    ['skip_requested', ['approve', '--skip']],
    ['skip_requested', ['abort']],
    ['rewind_requested', ['approve']],
    ['rewind_requested', ['abort']],
    ['of_a_later_version', ['adopt']],
  ])('of %s says what %j would do', async (code, decision) => {
    answer = { status: 200, body: intake(code) };
    const { exitCode, stdout } = await decide(...decision);
    expect(stdout).toMatch(
      new RegExp(`^segment.refreshes/4 is paused \\(${code}\\): why.\nNothing was done. With --yes (it|the) `),
    );
    expect(exitCode).toBe(0);
  });

  it.each([
    ['skip_requested', 'adopt', ['approve --skip', 'abort']],
    ['retention_gap', 'adopt', ['approve --skip']],
    ['retention_gap', 'abort', ['approve --skip']],
    ['topic_truncated', 'abort', ['adopt']],
    ['rewind_requested', 'adopt', ['approve', 'abort']],
  ])('of %s says that %s does not apply, and what does', async (code, decision, remedies) => {
    answer = { status: 200, body: intake(code) };
    const { exitCode, stdout } = await decide(decision);
    expect(stdout).toContain('does not apply: with --yes the answer would be nothing_to_decide.\nRemedy: what applies is\n');
    expect(stdout.match(/ops replay .* '\.\.\.'/g)).toEqual(remedies.map((command) => `ops replay ${command} ${where}`));
    expect(exitCode).toBe(2);
    expect(heard.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it.each(['adopt', 'approve'])('says that %s would do nothing where nothing waits', async (decision) => {
    answer = { status: 200, body: intake(null) };
    const { exitCode, stdout } = await decide(decision);
    expect(stdout).toContain('segment.refreshes/4 does not wait for a decision.\nNothing was done, and this does not apply');
    expect(stdout).toContain('ops replay status says');
    expect(exitCode).toBe(2);
  });

  it('sees the replay that is open in the partition, also where a newer one is open elsewhere', async () => {
    const epoch = { ...place, epoch: 1, from: 0, to: 2, position: 2, state: 'read', actor: null, reason: null, decidedAt: 'now' };
    answer = { status: 200, body: { ...intake(null, [{ ...epoch, partition: 5, epoch: 2 }, epoch]), items: [] } };
    const { stdout } = await decide('abort');
    expect(stdout).toMatch(/^Replay 1 would be ended:\n {2}segment\.refreshes\/4: 2 of 2 records read/);
  });

  it('says what is true of an abort where nothing waits and no replay is open', async () => {
    answer = { status: 200, body: { ...intake(null), items: [] } };
    const { exitCode, stdout } = await decide('abort');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'No replay is open: nothing would be done.\n' });
    expect(await decide('abort', '--yes')).toMatchObject({ exitCode: 0, stdout: 'No replay is open: nothing was done.\n' });
    expect(heard.filter(({ method }) => method !== 'GET')).toEqual([]);
  });
});

describe('ops stack', () => {
  it('asks the supervisor of the stack file with its token', async () => {
    const stack = {
      kafkaBrokers: '127.0.0.1:1',
      environmentId: 'dev',
      services: {},
      operatorToken: 't',
      control: { url, token: 'control-token' },
    };
    writeFileSync(join(dir, 'stack.json'), JSON.stringify(stack));
    answer = { status: 200, body: { name: 'klaviyo-sink', urls: ['http://127.0.0.1:3003'], pids: [7] } };
    const { exitCode, stdout } = await ops(['stack', 'restart', 'klaviyo-sink'], { env: { STACK_DIR: dir } });
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'klaviyo-sink is ready again at http://127.0.0.1:3003 (process 7).\n',
    });
    expect(heard[0]).toMatchObject({
      method: 'POST',
      url: '/services/klaviyo-sink/restart',
      headers: { authorization: 'Bearer control-token' },
    });

    answer = { status: 404, body: { error: 'No service x. There are: klaviyo-sink.' } };
    const refused = await ops(['stack', 'stop', 'x'], { env: { STACK_DIR: dir } });
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('No service x. There are: klaviyo-sink. (service_not_found)');
  });
});
