import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeApi } from '@courier/http';
import { newId } from '@courier/kernel';
import { messagingControllers } from '@courier/messaging';
import { badTokens, claimsOf, type Route, RouteWalk, routesOf } from '@courier/testing';
import { api, controllers } from './api';
import { connectionBody, ServiceBench } from './testing/service-bench';

const secret = 'jane.canary@example.com';

function bodyOf({ method, template }: Route): object {
  if (method === 'PATCH') return { displayName: 'Shop' };
  return template === '/v1/connections' ? connectionBody : { reason: 'spec' };
}

describe('every route of connection-service', () => {
  let bench: ServiceBench;
  let walk: RouteWalk;
  let administrator: string;

  beforeAll(async () => {
    bench = await ServiceBench.open();
    administrator = `Bearer ${await bench.token(claimsOf('administrator'))}`;
    const document = await describeApi([...controllers, ...messagingControllers], api);
    walk = new RouteWalk(await bench.app.getUrl(), (id) => routesOf(document, id), { bodyOf, secret });
  });
  afterAll(() => bench.close());

  it('takes no bad token', async () => {
    expect(await walk.tokens(await badTokens((claims) => bench.token(claims)), newId())).toEqual([]);
    expect(walk.sent).toBeGreaterThan(140);
  });

  it('is open to its roles only', async () => {
    const roles = ['contributor', 'viewer', 'owner'];
    const tokens = Object.fromEntries(await Promise.all(roles.map(async (role) => [role, await bench.token(claimsOf(role))])));
    const mayUse = (role: string, { method, template }: Route) =>
      role === 'contributor' && method === 'GET' && template.startsWith('/v1/connections');
    expect(await walk.roles(tokens, mayUse)).toEqual([]);
  });

  it('answers an absurd id as one that does not exist', async () => {
    expect(await walk.ids(administrator, ['nope', '../x', '\0', "1'--", '%', 'x'.repeat(3_000), secret, newId()])).toEqual([]);
  });

  it('takes no broken, foreign, unknown or too large body, and repeats nothing of it', async () => {
    expect(await walk.bodies(administrator, newId())).toEqual([]);
  });
});
