import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestTopics, testBrokers } from '@courier/testing';
import { runOps } from '../program';
import type { Terminal } from '../terminal';

// Nobody listens at the brokers of this stack: an event that was to be sent ends with `kafka_failed`.

let dir: string;
/** What stderr holds so far. */
let said = '';

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'courier-ops-'));
  const url = 'http://127.0.0.1:1';
  const services = { 'export-orchestrator': { url }, 'connection-service': { url } };
  const stack = { kafkaBrokers: '127.0.0.1:1', environmentId: 'dev', services, operatorToken: 't', control: { url, token: 't' } };
  writeFileSync(join(dir, 'stack.json'), JSON.stringify({ ...stack, snapshotRoot: join(dir, 'snapshots') }));
  for (const folder of ['snapshots', 'snapshots-of-others']) {
    mkdirSync(join(dir, folder));
    writeFileSync(join(dir, folder, 'a.csv'), 'Email\na@example.com\n');
  }
  symlinkSync(join(dir, 'snapshots-of-others'), join(dir, 'snapshots', 'link'));
});

afterAll(() => {
  rmSync(dir, { recursive: true });
});

const publish = (...source: string[]) => ops({ STACK_DIR: dir }, 'refreshes', 'publish', ...source);

async function ops(env: NodeJS.ProcessEnv, ...args: string[]) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  said = '';
  stderr.on('data', (chunk: Buffer) => (said += String(chunk)));
  const exitCode = await runOps(args, { env, cwd: dir, stdin, stdout, stderr } as unknown as Terminal);
  return { exitCode, stdout: String(stdout.read() ?? ''), stderr: said };
}

describe('ops refreshes publish', () => {
  it.each([
    ['--file', '/nowhere/event.json'],
    ['--manifest', '/nowhere/model.json', '--entity', 'E'],
    ['--csv', '/nowhere/a.csv', '--segment', 's'],
    ['--ndjson', '/nowhere/a.ndjson', '--segment', 's'],
    ['--parquet', '/nowhere/a.parquet', '--segment', 's'],
    ['--parquet', 'snapshots/a.csv', '--segment', 's'],
  ])('takes %s %s, which cannot be read as such, for wrong usage', async (way, file, ...more) => {
    const { exitCode, stderr } = await publish(way, file, ...more);
    expect(stderr).toContain(file);
    expect(exitCode).toBe(1);
  });
});

describe('ops refreshes publish of something else than JSON', () => {
  it.each([
    [['--file', 'people.csv'], 'Name a file that holds the data of one segment.refreshed.v1;'],
    [['--manifest', 'people.csv', '--entity', 'E'], 'Name the model.json of a Customer Insights folder;'],
  ])('says of %j what is expected, and nothing of the content', async (source, remedy) => {
    writeFileSync(join(dir, 'people.csv'), 'ada@example.com\n');
    const { exitCode, stderr } = await publish(...source);
    expect(stderr).toBe(
      `Error: ${join(dir, 'people.csv')} cannot be used.\nWhy: It is not JSON. (usage)\n` +
        `Remedy: ${remedy} parts go with --csv, --ndjson or --parquet.\n`,
    );
    expect(exitCode).toBe(1);
  });
});

describe('ops refreshes publish of a segment that no active export uses', () => {
  let service: Server;
  let removeTopics: () => Promise<void>;

  beforeAll(async () => {
    removeTopics = await createTestTopics(['segment.refreshes']);
    service = createServer((request, response) => {
      if (request.url === '/v1/segments/s') {
        const lastRefresh = { sequence: 7, result: 'successful', receivedAt: '2026-11-24T02:15:44Z' };
        const segment = { id: 's', displayName: null, lastRefresh, newestSequence: 1423 };
        return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(segment));
      }
      if (request.url?.startsWith('/v1/segments/')) {
        const problem = { type: 'about:blank', title: 'Not Found', status: 404, code: 'segment_not_found', detail: 'unknown' };
        return response.writeHead(404, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
      }
      const [, eventId] = /^Published (\S+);/m.exec(said) ?? [];
      const heard = { eventId, verdict: 'recorded', reason: 'no_active_export', remedy: 'Nothing to do.', runIds: [] };
      return response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ items: [heard], nextCursor: null }));
    }).listen(0, '127.0.0.1');
    await once(service, 'listening');
  });

  afterAll(async () => {
    service.close();
    service.closeAllConnections();
    await removeTopics();
  });

  const env = () => ({
    STACK_DIR: join(dir, 'none'),
    OPS_EXPORT_ORCHESTRATOR_URL: `http://127.0.0.1:${(service.address() as AddressInfo).port}`,
    OPS_TOKEN: 't',
    OPS_KAFKA_BROKERS: testBrokers().join(','),
    OPS_ENVIRONMENT_ID: 'dev',
  });

  it('finds the parts of a lake that is mounted elsewhere, and says which it cannot', async () => {
    mkdirSync(join(dir, 'lake', 'Seg', '24'), { recursive: true });
    writeFileSync(join(dir, 'lake', 'Seg', '24', 'part-1.csv'), 'C1,a@example.com\n"C2","b@example.com"\n');
    const lake = 'https://contoso.blob.core.windows.net:443/insights';
    const attributes = [{ name: 'CustomerId' }, { name: 'EMail' }];
    const partitions = [{ location: `${lake}/Seg/24/part-1.csv` }];
    mkdirSync(join(dir, 'model'));
    writeFileSync(join(dir, 'model', 'model.json'), JSON.stringify({ entities: [{ name: 'Seg', attributes, partitions }] }));
    const publishSeg = (...more: string[]) =>
      ops(env(), 'refreshes', 'publish', '--manifest', 'model/model.json', '--entity', 'Seg', ...more);
    const missing = await publishSeg('--locations', `${lake}/Other=lake`);
    expect(missing.stderr).toContain(`${lake}/Seg/24/part-1.csv`);
    expect(missing.stderr).toContain('(part_missing)');
    expect(missing.exitCode).toBe(1);
    const { exitCode, stdout } = await publishSeg('--locations', `${lake}/Other=nowhere`, '--locations', `${lake}=lake`);
    expect(stdout).toMatch(/^Snapshot +2 rows in 1 parts$/m);
    // Nobody has heard of this segment.
    expect(stdout).toMatch(/^Sequence +1$/m);
    expect(exitCode).toBe(0);
  });

  it.each([[[]], [['--watch']]])('has not failed, with the options %j', async (watch) => {
    const { exitCode, stdout } = await ops(env(), 'refreshes', 'publish', '--csv', 'snapshots/a.csv', '--segment', 's', ...watch);
    expect(stdout).toMatch(/^Verdict +recorded: no_active_export$/m);
    expect(exitCode).toBe(0);
  });

  it('has the sequence above the newest known one, or the one that is wanted', async () => {
    const publishCsv = (...more: string[]) =>
      ops(env(), 'refreshes', 'publish', '--csv', 'snapshots/a.csv', '--segment', 's', ...more);
    expect((await publishCsv()).stdout).toMatch(/^Sequence +1424$/m);
    expect((await publishCsv('--sequence', '9')).stdout).toMatch(/^Sequence +9$/m);
  });

  it('is not sent where nobody can say which sequence is next', async () => {
    const stopped = { ...env(), OPS_EXPORT_ORCHESTRATOR_URL: 'http://127.0.0.1:1' };
    const { exitCode, stderr } = await ops(stopped, 'refreshes', 'publish', '--csv', 'snapshots/a.csv', '--segment', 's');
    expect(stderr).not.toContain('Published');
    expect(exitCode).toBe(2);
  });
});

describe('ops refreshes publish, with the stack of a folder', () => {
  it.each(['snapshots-of-others/a.csv', 'snapshots/link/a.csv'])(
    'warns of %s, outside of its snapshot root, and goes on',
    async (file) => {
      const { exitCode, stderr } = await publish('--csv', file, '--segment', 's', '--sequence', '1');
      const warning = `Warning: ${join(dir, file)} will be refused (snapshot_outside_roots) unless SNAPSHOT_ROOTS allows it.`;
      expect(stderr).toContain(
        `${warning}\nRemedy: put the files below ${join(dir, 'snapshots')} and publish them from there.\n`,
      );
      expect(stderr).toContain('(kafka_failed)');
      expect(exitCode).toBe(2);
    },
  );

  it('warns of the files of an event too', async () => {
    const uris = ['a', 'b'].map((name) => pathToFileURL(join(dir, 'elsewhere', name)).href);
    const partitions = [...uris, 'file:///elsewhere%2Fc'].map((uri) => ({ uri, rows: 0 }));
    const snapshot = { format: 'csv', partitions, compression: 'none', rowCount: 0, createdAt: '2026-11-24T02:15:44Z' };
    const refresh = { id: 'r', trigger: 'manual', completedAt: '2026-11-24T02:15:44Z', result: 'successful' };
    const event = { environmentId: 'dev', segment: { id: 's', displayName: 's' }, refresh, sequence: 1, snapshot };
    writeFileSync(join(dir, 'event.json'), JSON.stringify(event));
    expect((await publish('--file', 'event.json')).stderr).toContain(
      `Warning: ${join(dir, 'elsewhere', 'a')} and 2 more will be`,
    );
  });

  it('warns of nothing below the root', async () => {
    const { stderr } = await publish('--csv', 'snapshots/a.csv', '--segment', 's', '--sequence', '1');
    expect(stderr).toContain('(kafka_failed)');
    expect(stderr).not.toContain('Warning');
  });
});
