import 'reflect-metadata';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Get, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { fetchAnew } from '@courier/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { z } from 'zod';
import { CurrentUser, HttpModule, Operation, problem, Roles, setupHttp, ZodBody, ZodQuery, type User } from './index';

const thingSchema = z.strictObject({ name: z.string().min(2), size: z.int().optional() });

@Controller('v1/things')
class ThingController {
  @Post()
  @Roles('administrator')
  @Operation('Make a thing', { 201: z.object({ name: z.string(), madeBy: z.string() }) })
  make(@ZodBody(thingSchema) body: z.infer<typeof thingSchema>, @CurrentUser() user: User) {
    return { name: body.name, madeBy: user.sub };
  }

  @Get()
  @Roles('administrator', 'viewer')
  list(@ZodQuery(z.strictObject({ limit: z.coerce.number().max(200).default(50) })) query: { limit: number }) {
    return query;
  }

  @Get('forgotten')
  forgotten() {
    return 'open to nobody';
  }

  @Get(':id')
  @Roles('administrator')
  one(@Param('id') id: string) {
    if (id === 'crash') throw new Error('jane@example.com');
    throw problem(404, 'thing_not_found', 'No such thing.');
  }
}

const sick = { name: 'kafka', problem: null as string | null, check: () => Promise.resolve(sick.problem) };

describe('the HTTP shell', () => {
  let app: NestExpressApplication;
  let url: string;
  let folder: string;
  let privateKey: CryptoKey;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'http-spec-'));
    const pair = await generateKeyPair('EdDSA', { extractable: true });
    privateKey = pair.privateKey;
    const file = join(folder, 'jwks.json');
    await writeFile(file, JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'EdDSA' }] }));

    @Module({ imports: [HttpModule.forRoot({ auth: { keys: { file } }, readiness: [sick] })], controllers: [ThingController] })
    class AppModule {}

    app = await NestFactory.create<NestExpressApplication>(AppModule, { logger: false, forceCloseConnections: true });
    setupHttp(app, { title: 'Things', description: 'A spec.', version: '1' });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });

  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  async function call(path: string, options: { role?: string; method?: string; body?: string; headers?: object } = {}) {
    const { role, method = 'GET', body, headers = {} } = options;
    const token =
      role === undefined
        ? undefined
        : await new SignJWT({ roles: [role] })
            .setProtectedHeader({ alg: 'EdDSA', kid: 'one' })
            .setSubject('ada')
            .setExpirationTime('1h')
            .sign(privateKey);
    const response = await fetchAnew(url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      headers: response.headers,
      text,
      json: parse(text),
    };
  }

  function parse(text: string): Record<string, unknown> {
    try {
      return JSON.parse(text) as Record<string, unknown>;
    } catch {
      return {};
    }
  }

  it('answers a well-formed request of the right role', async () => {
    const answer = await call('/v1/things', { role: 'administrator', method: 'POST', body: '{"name":"box"}' });
    expect(answer).toMatchObject({ status: 201, json: { name: 'box', madeBy: 'ada' } });
  });

  it.each([
    ['no token', 401, 'unauthenticated', '/v1/things', {}],
    ['a role too low', 403, 'forbidden', '/v1/things', { role: 'viewer', method: 'POST', body: '{"name":"box"}' }],
    ['a route without roles', 403, 'forbidden', '/v1/things/forgotten', { role: 'administrator' }],
    ['an unknown route', 404, 'route_not_found', '/v1/nothing', {}],
    ['something that is not there', 404, 'thing_not_found', '/v1/things/1', { role: 'administrator' }],
    ['malformed JSON', 400, 'malformed_request', '/v1/things', { role: 'administrator', method: 'POST', body: '{"name":jane}' }],
    ['a malformed URL', 400, 'malformed_request', '/v1/things/%ff', { role: 'administrator' }],
    ['bad fields', 400, 'invalid_request', '/v1/things', { role: 'administrator', method: 'POST', body: '{"name":"x"}' }],
    ['no body', 400, 'invalid_request', '/v1/things', { role: 'administrator', method: 'POST' }],
    [
      'an unknown field',
      400,
      'not_supported',
      '/v1/things',
      { role: 'administrator', method: 'POST', body: '{"name":"box","x":1}' },
    ],
    ['an unknown query', 400, 'not_supported', '/v1/things?q=1', { role: 'viewer' }],
    ['a failing handler', 500, 'internal_error', '/v1/things/crash', { role: 'administrator' }],
    [
      'a body that is too large',
      413,
      'body_too_large',
      '/v1/things',
      { role: 'administrator', method: 'POST', body: JSON.stringify({ name: 'x'.repeat(300_000) }) },
    ],
    [
      'a body that is not JSON',
      415,
      'unsupported_media_type',
      '/v1/things',
      {
        role: 'administrator',
        method: 'POST',
        body: 'name=box',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
    ],
  ])('answers %s as a problem with status %i and code %s', async (...row) => {
    const [, status, code, path, options] = row;
    const answer = await call(path, options);
    expect(answer.type).toContain('application/problem+json');
    expect(answer.json).toMatchObject({
      status,
      code,
      title: expect.any(String),
      detail: expect.any(String),
      type: expect.any(String),
    });
    expect(answer.json).toHaveProperty('remedy');
    expect(answer.status).toBe(status);
    expect(answer.json.requestId).toBe(answer.headers.get('x-request-id'));
    expect(answer.text).not.toContain('jane');
  });

  it('keeps a request id that the caller brings', async () => {
    const answer = await call('/v1/nothing', { headers: { 'x-request-id': 'trace-12345' } });
    expect(answer.json.requestId).toBe('trace-12345');
  });

  it('is live without a token, and ready when its checks are', async () => {
    expect(await call('/health/live')).toMatchObject({ status: 200, json: { status: 'live' } });
    expect(await call('/health/ready')).toMatchObject({ status: 200, json: { status: 'ready' } });
    sick.problem = 'no broker answers';
    expect(await call('/health/ready')).toMatchObject({ status: 503, json: { problems: { kafka: 'no broker answers' } } });
    sick.problem = null;
  });

  it('serves metrics as text', async () => {
    expect(await call('/metrics')).toMatchObject({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
  });

  it('describes bodies, queries, answers and problems by their schemas', async () => {
    const { json } = await call('/docs-json');
    expect(json).toMatchObject({
      paths: {
        '/v1/things': {
          post: {
            requestBody: { content: { 'application/json': { schema: { required: ['name'], additionalProperties: false } } } },
            responses: {
              201: { content: { 'application/json': { schema: { properties: { madeBy: { type: 'string' } } } } } },
              401: { content: { 'application/problem+json': {} } },
            },
          },
          get: { parameters: [{ name: 'limit', in: 'query', required: false, schema: { maximum: 200, default: 50 } }] },
        },
      },
      components: { schemas: { Problem: { properties: { requestId: { type: 'string' } } } } },
    });
    expect((await call('/docs')).text).toContain('swagger');
  });
});
