import 'reflect-metadata';
import { createTestDatabase, fetchAnew, type TestDatabase, until } from '@courier/testing';
import { PersistenceModule, persistenceMigrations } from '@courier/persistence';
import { Controller, Module, Param, Post } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { HttpModule, problem, Roles, setupHttp, TokenVerifier, Write, type WriteRequest } from '../index';

const NEW_ID = 'select gen_random_uuid() as id';
const email = 'jane@example.com';

/** What goes wrong inside the route, set by each test. */
const whens = ['before', 'inside', 'beforeCommit', 'after'] as const;
const fault = {} as Record<(typeof whens)[number], () => Promise<void>>;

@Controller('v1')
class ThingController {
  constructor(private readonly dataSource: DataSource) {}

  @Post('things')
  @Roles('administrator')
  async make(@Write() { once }: WriteRequest) {
    await fault.before();
    const id = once.earlier ?? (await this.effect(once));
    await fault.after();
    return { id };
  }

  @Post('things/:id/grow')
  @Roles('administrator')
  async grow(@Param('id') id: string, @Write() { once }: WriteRequest) {
    if (once.earlier === null) await this.effect(once);
    return { id };
  }

  @Post('forgetful')
  @Roles('administrator')
  forget(@Write() { once }: WriteRequest) {
    return { repeated: once.earlier !== null };
  }

  private effect(once: WriteRequest['once']): Promise<string> {
    return this.dataSource.transaction(async (manager) => {
      const [row] = await manager.query<[{ id: string }]>(NEW_ID);
      await manager.query('INSERT INTO things (id) VALUES ($1)', [row.id]);
      await fault.inside();
      await once.record(manager, row.id);
      await fault.beforeCommit();
      return row.id;
    });
  }
}

describe('Idempotency-Key', () => {
  let database: TestDatabase;
  const apps: NestExpressApplication[] = [];
  let rows: DataSource;
  let folder: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'idempotency-spec-'));
    await writeFile(join(folder, 'secret'), 'the secret of a spec');
    await writeFile(join(folder, 'other-secret'), 'another secret');
    const [old, renewed, newest] = ['old', 'new', 'newest'].map((name) => createHash('sha256').update(name).digest('base64url'));
    const jwks = (...keys: (string | undefined)[]) => JSON.stringify({ keys: keys.map((d) => ({ kty: 'OKP', d })) });
    await writeFile(join(folder, 'before'), `${old}\n`);
    await writeFile(join(folder, 'rotated'), `# since today\n${renewed}\n${old}\n`);
    await writeFile(join(folder, 'jwks'), jwks(old));
    await writeFile(join(folder, 'rotated-jwks'), jwks(newest, old));
    for (const secret of ['secret', 'secret', 'other-secret', 'before', 'rotated', 'jwks', 'rotated-jwks'])
      apps.push(await open(secret));
    rows = appAt(0).get(DataSource);
    await rows.query('CREATE TABLE things (id uuid PRIMARY KEY)');
  });

  beforeEach(async () => {
    await rows.query('TRUNCATE things, request_keys');
    for (const when of whens) fault[when] = () => Promise.resolve();
  });

  afterAll(async () => {
    for (const app of apps) await app.close();
    await database.drop();
    await rm(folder, { recursive: true });
  });

  /** An instance of the service; a token is the subject. */
  async function open(secret: string): Promise<NestExpressApplication> {
    const auth = { keys: { uri: 'http://127.0.0.1:1' } };

    @Module({
      imports: [
        PersistenceModule.forRoot({ url: database.url, migrations: persistenceMigrations }),
        HttpModule.forRoot({ auth, readiness: [], fingerprintSecretFile: join(folder, secret) }),
      ],
      controllers: [ThingController],
    })
    class AppModule {}

    const verify = (sub: string) => Promise.resolve({ kind: 'user', user: { sub, name: sub, roles: ['administrator'] } });
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(TokenVerifier)
      .useValue({ verify })
      .compile();
    const app = module.createNestApplication<NestExpressApplication>({
      bodyParser: false,
      forceCloseConnections: true,
      logger: false,
    });
    setupHttp(app, { title: 'Things', description: 'A spec.', version: '1' });
    await app.listen(0, '127.0.0.1');
    return app;
  }

  function appAt(index: number): NestExpressApplication {
    const app = apps[index];
    if (app === undefined) throw new Error('no such instance');
    return app;
  }

  interface Call {
    key?: string;
    body?: object;
    path?: string;
    subject?: string;
    instance?: number;
  }

  async function post({ key = 'key-1', body = { email }, path = '/v1/things', subject = 'ada', instance = 0 }: Call = {}) {
    const response = await fetchAnew((await appAt(instance).getUrl()) + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${subject}`, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });
    return { status: response.status, json: (await response.json()) as { id?: string; code?: string } };
  }

  async function effects(): Promise<number> {
    const [found] = await rows.query<[{ count: number }]>('SELECT count(*)::int AS count FROM things');
    return found.count;
  }

  it('answers the same key and body with the same status and resource, on every instance', async () => {
    const first = await post({ body: { email, size: 1 } });
    expect(first.status).toBe(201);
    expect(await post({ body: { size: 1, email }, instance: 1 })).toEqual(first);
    expect(await effects()).toBe(1);
  });

  it.each([
    ['another body', { body: { email: 'joe@example.com' } }, 1],
    ['a body whose fingerprint another secret made', { instance: 2 }, 1],
  ])('refuses the key with %s', async (_about, again, made) => {
    await post();
    expect(await post(again)).toMatchObject({
      status: 422,
      json: { code: 'idempotency_key_reused', remedy: expect.any(String) },
    });
    expect(await effects()).toBe(made);
  });

  it.each([
    ['a file of lines', 3, 4],
    ['a file of lines, by an instance that has the old one still', 4, 3],
    ['a JWKS', 5, 6],
    ['a JWKS, by an instance that has the old one still', 6, 5],
  ])('knows the request again when a key has joined %s', async (_what, before, after) => {
    const first = await post({ instance: before });
    expect(first.status).toBe(201);
    expect(await post({ instance: after })).toEqual(first);
    const other = { instance: after, body: { email: 'joe@example.com' } };
    expect(await post(other)).toMatchObject({ status: 422, json: { code: 'idempotency_key_reused' } });
    expect(await effects()).toBe(1);
  });

  it('knows a request again that a version before has kept, and is known to it', async () => {
    const first = await post({ instance: 3 });
    const kept = await rows.query<{ secret_id: string; fingerprint: string }[]>(
      'SELECT secret_id, fingerprint FROM request_keys',
    );
    const byFile = createHmac(
      'sha256',
      Buffer.from(hkdfSync('sha256', await readFile(join(folder, 'before')), 'courier-requests-v1', 'fingerprint', 32)),
    );
    expect(kept).toMatchObject([{ fingerprint: byFile.update(JSON.stringify({ email })).digest('hex') }]);
    // Of no row, or of one that had another request's before.
    for (const left of [null, { [kept[0]?.secret_id ?? '']: 'of another body' }]) {
      await rows.query('UPDATE request_keys SET fingerprints = $1', [left === null ? null : JSON.stringify(left)]);
      expect(await post({ instance: 3 })).toEqual(first);
    }
    expect(await effects()).toBe(1);
  });

  it.each([
    ['subject', { subject: 'bob' }],
    ['key', { key: 'key-2' }],
    ['route', { path: '/v1/things/a/grow' }],
  ])('means nothing for another %s', async (_what, other) => {
    await post();
    expect((await post(other)).status).toBe(201);
    expect(await effects()).toBe(2);
  });

  it('means nothing for another resource of the same route', async () => {
    await post({ path: '/v1/things/a/grow' });
    await post({ path: '/v1/things/b/grow' });
    await post({ path: '/v1/things/A/grow' });
    expect(await effects()).toBe(2);
  });

  it('lets the second of two concurrent requests wait for the first, and gives both one effect', async () => {
    let begun = 0;
    fault.inside = () => until(() => Promise.resolve(begun === 2)).then(() => undefined);
    fault.before = () => Promise.resolve(void (begun += 1));
    const [one, other] = await Promise.all([post(), post({ instance: 1 })]);
    expect(one.status).toBe(201);
    expect(other).toEqual(one);
    expect(await effects()).toBe(1);
  });

  it('has made nothing when the effect failed, so that the request may be repeated', async () => {
    fault.beforeCommit = () => Promise.reject(new Error('the disk is full'));
    expect((await post()).status).toBe(500);
    expect(await effects()).toBe(0);
    fault.beforeCommit = () => Promise.resolve();
    expect((await post()).status).toBe(201);
    expect(await effects()).toBe(1);
  });

  it('answers from what was made when the answer itself failed', async () => {
    let failures = 2;
    fault.after = () => (failures-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve());
    expect((await post()).status).toBe(500);
    expect(await post()).toMatchObject({ status: 201, json: { id: expect.any(String) } });
    expect(await effects()).toBe(1);
  });

  it('remembers no refusal', async () => {
    fault.before = () => Promise.reject(problem(409, 'not_now', 'Not now.'));
    expect((await post()).status).toBe(409);
    fault.before = () => Promise.resolve();
    expect((await post()).status).toBe(201);
  });

  it('keeps a key for 24 hours', async () => {
    await post();
    await rows.query(`UPDATE request_keys SET created_at = now() - interval '23 hours 59 minutes'`);
    await post();
    expect(await effects()).toBe(1);
    await rows.query(`UPDATE request_keys SET created_at = now() - interval '24 hours'`);
    expect((await post({ body: { email, size: 2 } })).status).toBe(201);
    expect(await effects()).toBe(2);
    expect(await rows.query('SELECT reference FROM request_keys')).toHaveLength(1);
  });

  it('stores neither the body nor the key', async () => {
    await post({ key: 'for-jane@example.com' });
    const stored = JSON.stringify(await rows.query('SELECT * FROM request_keys'));
    expect(stored).not.toMatch(/jane|example|for-/);
    expect(stored).toContain('"status":201');
  });

  it.each(['', 'x'.repeat(256)])('must be a key: %p is none', async (key) => {
    expect(await post({ key })).toMatchObject({ status: 400, json: { code: 'invalid_idempotency_key' } });
    expect(await effects()).toBe(0);
  });

  it('is not for routes that forget to record it', async () => {
    expect(await post({ path: '/v1/forgetful' })).toMatchObject({ status: 500, json: { code: 'idempotency_key_not_recorded' } });
  });
});
