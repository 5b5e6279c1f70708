import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeApi } from '@courier/http';
import { newId } from '@courier/kernel';
import { messagingControllers } from '@courier/messaging';
import { badBodies, badTokens, claimsOf, fuzzSeed, type Route, RouteWalk, routesOf } from '@courier/testing';
import fc from 'fast-check';
import { type Answer, HttpBench } from '../../testing/http-bench';
import { LIST, OrchestratorBench } from '../../testing/orchestrator-bench';
import { api, controllers } from '.';

const secret = 'jane.canary@example.com';
const RUNS_PER_ROUTE = 25;

/** The problem that every refusal is, whatever was sent. */
function expectProblem({ status, json, headers }: Answer): void {
  expect(status).toBeLessThan(500);
  expect(headers.get('content-type')).toContain('application/problem+json');
  expect(json).toMatchObject({
    status,
    code: expect.stringMatching(/^[a-z_]+$/),
    detail: expect.any(String),
    requestId: expect.any(String),
  });
  expect(json).toHaveProperty('remedy');
  expect(JSON.stringify(json)).not.toContain(secret);
}

describe('every route', () => {
  const ends = new AsyncDisposableStack();
  let bench: OrchestratorBench;
  let http: HttpBench;
  let exportId: string;
  let connectionId: string;
  let routes: (id: string) => Route[];

  beforeAll(async () => {
    bench = await OrchestratorBench.open();
    ends.defer(() => bench.close());
    http = await HttpBench.open(bench);
    ends.defer(() => http.close());
    await bench.reset();
    ({ id: exportId, connectionId } = await bench.export());
    const document = await describeApi([...controllers, ...messagingControllers], api);
    routes = (id) => routesOf(document, id);
  });
  afterAll(() => ends.disposeAsync());

  it('takes no bad token', async () => {
    const walk = new RouteWalk(http.url, routes, { bodyOf: () => ({ reason: 'spec' }), secret });
    expect(await walk.tokens(await badTokens((claims) => http.token(claims)), exportId)).toEqual([]);
    expect(walk.sent).toBeGreaterThan(200);
    // The one that they were made of is good.
    const headers = { authorization: `Bearer ${await http.token(claimsOf('administrator'))}` };
    expect((await http.call('/v1/exports', { headers })).status).toBe(200);
  });

  it('answers an absurd id as one that does not exist', async () => {
    for (const id of ['nope', '../x', '\0', "1'--", '%', 'x'.repeat(3_000), secret, newId()]) {
      for (const { method, template, path, hasBody } of routes(id).filter((route) => route.template.includes('{'))) {
        const sent = hasBody ? { post: template.endsWith('/runs') ? { kind: 'full' } : { reason: 'spec', name: 'x' } } : {};
        const answer = await http.call(path, { method, ...sent });
        expectProblem(answer);
        expect([400, 404]).toContain(answer.status);
      }
    }
  });

  it('with a body takes none that is broken, foreign or too large, and repeats nothing of it', async () => {
    const withBody = routes(exportId).filter(({ hasBody }) => hasBody);
    expect(withBody.length).toBeGreaterThanOrEqual(4);
    for (const { method, path } of withBody) {
      for (const { about, contentType, body, status, code } of badBodies(secret)) {
        const answer = await http.call(path, { method, post: body, headers: { 'content-type': contentType } });
        expectProblem(answer);
        expect({ about, path, status: answer.status, code: answer.json['code'] }).toEqual({ about, path, status, code });
      }
      const unknown = await http.call(path, { method, post: { surprise: secret } });
      expectProblem(unknown);
      expect(unknown.json['errors']).toContainEqual(expect.objectContaining({ path: 'surprise', code: 'not_supported' }));
    }
  });

  it('refuses unknown query parameters by name', async () => {
    for (const { method, path, template } of routes(exportId).filter(({ method: one }) => one === 'GET')) {
      const { status, json } = await http.call(`${path}?surprise=1`, { method });
      // A read of one thing has no query at all, and the sub-lists of a thing first look for it.
      if (!template.includes('{')) expect({ status, code: json['code'] }).toEqual({ status: 400, code: 'not_supported' });
    }
  });

  it.each([
    ['POST', () => '/v1/exports'],
    ['PATCH', () => `/v1/exports/${exportId}`],
    ['POST', () => `/v1/exports/${exportId}/runs`],
  ])('survives whatever comes as a body: %s', async (method, path) => {
    const good = {
      name: 'High value',
      connectionId,
      listId: LIST,
      segmentIds: ['Seg1'],
      mapping: { email: 'Email' },
      kind: 'full',
    };
    const value = fc.oneof(fc.jsonValue(), fc.constant(secret), fc.string({ unit: 'binary', maxLength: 300 }), fc.constant(null));
    const field = fc.constantFrom(...Object.keys(good), 'schedule', 'mode', 'guard', '__proto__', 'constructor');
    const body = fc.oneof(
      fc.jsonValue(),
      fc.tuple(field, value).map(([name, odd]) => ({ ...good, [name]: odd })),
      fc.dictionary(field, value),
    );
    await fc.assert(
      fc.asyncProperty(body, async (odd) => {
        const answer = await http.call(path(), { method, post: JSON.stringify(odd) });
        if (answer.status >= 300) expectProblem(answer);
      }),
      { numRuns: RUNS_PER_ROUTE, seed: fuzzSeed },
    );
  });
});
