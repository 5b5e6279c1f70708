import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeApi } from '@courier/http';
import { newId } from '@courier/kernel';
import { messagingControllers } from '@courier/messaging';
import { badTokens, claimsOf, type Route, RouteWalk, routesOf } from '@courier/testing';
import { api, controllers } from './api';
import { connectionBody, ServiceHarness } from './testing/service-harness';

const secret = 'jane.canary@example.com';

function bodyOf({ method, template }: Route): object {
  if (method === 'PATCH') return { displayName: 'Shop' };
  return template === '/v1/connections' ? connectionBody : { reason: 'spec' };
}

describe('every route of connection-service', () => {
  let harness: ServiceHarness;
  let walk: RouteWalk;
  let administrator: string;

  beforeAll(async () => {
    harness = await ServiceHarness.open();
    administrator = `Bearer ${await harness.token(claimsOf('administrator'))}`;
    const document = await describeApi([...controllers, ...messagingControllers], api);
    walk = new RouteWalk(await harness.app.getUrl(), (id) => routesOf(document, id), { bodyOf, secret });
  });
  afterAll(() => harness.close());

  it('takes no bad token', async () => {
    expect(await walk.tokens(await badTokens((claims) => harness.token(claims)), newId())).toEqual([]);
    expect(walk.sent).toBeGreaterThan(140);
  });

  it('is open to its roles only', async () => {
    const roles = ['contributor', 'viewer', 'owner'];
    const tokens = Object.fromEntries(await Promise.all(roles.map(async (role) => [role, await harness.token(claimsOf(role))])));
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
