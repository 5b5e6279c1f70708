import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchAnew, until } from '@courier/testing';
import { topicPlans } from '@courier/contracts';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { Client } from 'pg';
import { withAdmin } from './kafka-client';
import { groupIsAlive, sendSignal } from './process-identity';
import { defaultPorts, serviceNames, type ServiceName } from './service-definitions';
import { startStack, type Stack } from './stack';
import type { StackFile } from './stack-file';
import { mintToken, TOKEN_AUDIENCE, TOKEN_ISSUER } from './token';

const START_MAX_MS = 400_000;
const CHANGE_MAX_MS = 240_000;

/** Stands for a service: it is ready at once, serves the JWKS it was given and tells its settings. */
const standIn = `
  const { createServer } = require('node:http');
  const { readFileSync } = require('node:fs');
  createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/jwks') response.end(readFileSync(process.env.AUTH_JWKS_FILE));
    else response.end(JSON.stringify(process.env));
  }).listen(Number(process.env.PORT), process.env.HOST);`;

describe('the embedded stack', () => {
  // Letters beyond ASCII and a locale that has none: Java would fail at such a folder.
  const root = mkdtempSync(join(tmpdir(), 'Kundenstämme neu '));
  const locale = process.env['LC_ALL'];
  const dir = join(root, 'stack');
  let stack: Stack | null = null;
  const progress: string[] = [];
  const occupant = createServer();
  const file = (): StackFile => JSON.parse(readFileSync(join(dir, 'stack.json'), 'utf8'));
  const service = (name: ServiceName): StackFile['services'][string] => file().services[name] ?? { url: '', urls: [], pids: [] };
  const settings = async (name: ServiceName): Promise<NodeJS.ProcessEnv> =>
    (await fetchAnew(`${service(name).url}/`)).json() as never;
  const control = (name: string, action: string, token = file().control.token): Promise<Response> =>
    fetchAnew(`${file().control.url}/services/${name}/${action}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });

  beforeAll(async () => {
    for (const name of serviceNames) {
      mkdirSync(join(root, 'apps', name, 'dist'), { recursive: true });
      writeFileSync(join(root, 'apps', name, 'dist/main.js'), standIn);
    }
    process.env['LC_ALL'] = 'POSIX';
    // Unless another program of this machine has it already.
    await new Promise((resolve) =>
      occupant.once('error', resolve).listen(defaultPorts['klaviyo-simulator'], () => resolve(null)),
    );
    const environment = { ENVIRONMENT_ID: 'spec', SNAPSHOT_ROOTS: '/more' };
    const onProgress = (line: string): unknown => progress.push(line);
    stack = await startStack({ dir, appsDir: join(root, 'apps'), instances: { 'klaviyo-sink': 2 }, environment, onProgress });
  }, START_MAX_MS);

  afterAll(async () => {
    try {
      const groups = stack === null ? [] : serviceNames.flatMap((name) => service(name).pids);
      await stack?.stop();
      expect(groups.filter(groupIsAlive)).toEqual([]);
      expect(existsSync(join(dir, 'stack.json'))).toBe(false);
    } finally {
      if (locale === undefined) delete process.env['LC_ALL'];
      else process.env['LC_ALL'] = locale;
      occupant.close();
      rmSync(root, { recursive: true, force: true });
    }
  });

  it('says in its file where everything is, readable by its owner alone', () => {
    expect(Object.keys(file().services)).toEqual([...serviceNames]);
    expect(service('klaviyo-sink').urls).toHaveLength(2);
    expect(service('klaviyo-sink').pids).toHaveLength(2);
    expect(file()).toMatchObject({ environmentId: 'spec', snapshotRoot: join(dir, 'snapshots'), logs: join(dir, 'logs') });
    expect(existsSync(join(file().kafkaLibs, 'kafka-tools-4.3.1.jar'))).toBe(true);
    expect(file().klaviyoApiUrl).toBe(service('klaviyo-simulator').url);
    expect(statSync(join(dir, 'stack.json')).mode & 0o077).toBe(0);
  });

  it('takes another port where the usual one is taken, and says so', () => {
    const moved = Object.entries(defaultPorts).flatMap(([name, usual]) => {
      const port = Number(new URL(service(name as ServiceName).url).port);
      return port === usual ? [] : [`Port ${usual} is taken, so ${name} listens on ${port}.`];
    });
    expect(progress.filter((line) => line.startsWith('Port '))).toEqual(moved);
    // Where another stack of this machine had the port first, that one may have left it meanwhile.
    if (occupant.listening) expect(moved.join()).toContain('klaviyo-simulator');
  });

  it('has made every topic of the contracts with its settings', async () => {
    await withAdmin(file().kafkaBrokers, 3, async (admin) => {
      const wanted = topicPlans(720);
      expect(await admin.listTopics()).toEqual(expect.arrayContaining(wanted.map(({ topic }) => topic)));
      const { topics } = await admin.fetchTopicMetadata({ topics: wanted.map(({ topic }) => topic) });
      expect(new Set(topics.map(({ partitions }) => partitions.length))).toEqual(new Set([6]));
    });
  });

  it('gives each service a database that no other service may enter', async () => {
    const { databases } = file();
    const own = new Client({ connectionString: databases['klaviyo-sink'] });
    await own.connect();
    await own.query('CREATE TABLE mine (id int)').finally(() => own.end());
    const foreign = Object.assign(new URL(databases['klaviyo-sink'] ?? ''), { pathname: '/connection_service' }).href;
    const intruder = new Client({ connectionString: foreign });
    await expect(intruder.connect()).rejects.toThrow('permission denied');
  });

  it('mints tokens that the keys given to the services confirm', async () => {
    const token = await mintToken(dir, { sub: 'ada', name: 'Ada', roles: ['viewer'] });
    const keys = createRemoteJWKSet(new URL(`${service('connection-service').url}/jwks`), {
      headers: { connection: 'close' },
    });
    const { payload } = await jwtVerify(token, keys, { issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE });
    expect(payload).toMatchObject({ sub: 'ada', name: 'Ada', roles: ['viewer'] });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(24 * 3_600);
  });

  it('gives keys out by need: no service holds the private half that belongs to another', async () => {
    const [connection, sink] = await Promise.all([settings('connection-service'), settings('klaviyo-sink')]);
    expect(connection['SINK_PRIVATE_JWKS_FILE']).toBeUndefined();
    expect(sink['CONNECTION_SIGNING_PRIVATE_JWKS_FILE']).toBeUndefined();
    const publicKeys = [connection['SINK_PUBLIC_JWKS_FILE'], sink['CONNECTION_SIGNING_PUBLIC_JWKS_FILE'], sink['AUTH_JWKS_FILE']];
    for (const name of publicKeys) expect(readFileSync(name ?? '', 'utf8')).not.toContain('"d"');
    expect((await settings('export-orchestrator'))['SNAPSHOT_ROOTS']).toBe(`${join(dir, 'snapshots')},/more`);
  });

  it('starts a killed instance again at its address and writes the new process id', async () => {
    const { pids, urls } = service('klaviyo-sink');
    sendSignal(pids[1] ?? 0, 'SIGKILL');
    const isBack = (): boolean =>
      service('klaviyo-sink').pids.length === 2 && !service('klaviyo-sink').pids.includes(pids[1] ?? 0);
    await until(isBack, CHANGE_MAX_MS);
    expect(service('klaviyo-sink').urls).toEqual(urls);
  });

  it('stops and starts a service on request, and refuses strangers', async () => {
    const { url, pids } = service('connection-service');
    expect((await control('connection-service', 'stop', 'guess')).status).toBe(401);
    expect((await control('no-such-service', 'stop')).status).toBe(404);
    expect((await control('connection-service', 'stop')).status).toBe(200);
    expect(pids.filter(groupIsAlive)).toEqual([]);
    expect(service('connection-service')).toEqual({ url, urls: [url], pids: [] });
    expect((await control('connection-service', 'start')).status).toBe(200);
    expect((await fetchAnew(`${url}/health/ready`)).status).toBe(200);
    expect(service('connection-service').pids).toHaveLength(1);
  });
});
