import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeApi } from '@courier/http';
import { newId } from '@courier/kernel';
import { messagingControllers } from '@courier/messaging';
import { badTokens, claimsOf, type Route, RouteWalk, routesOf } from '@courier/testing';
import { api, controllers } from './api';
import { WholeSink } from './testing/whole-sink';

const secret = 'jane.canary@example.com';

describe('every route of klaviyo-sink', () => {
  const ends = new AsyncDisposableStack();
  let sink: WholeSink;
  let walk: RouteWalk;
  let administrator: string;

  beforeAll(async () => {
    sink = await WholeSink.prepare('http://127.0.0.1:1');
    ends.defer(() => sink.dispose());
    await sink.start();
    administrator = `Bearer ${await sink.token(claimsOf('administrator'))}`;
    const document = await describeApi([...controllers, ...messagingControllers], api);
    walk = new RouteWalk(await sink.app.getUrl(), (id) => routesOf(document, id), { bodyOf: () => ({ reason: 'spec' }), secret });
  });
  afterAll(() => ends.disposeAsync());

  it('takes no bad token', async () => {
    expect(await walk.tokens(await badTokens((claims) => sink.token(claims)), newId())).toEqual([]);
    expect(walk.sent).toBeGreaterThan(90);
  });

  it('is open to its roles only', async () => {
    const roles = ['contributor', 'viewer', 'owner'];
    const tokens = Object.fromEntries(await Promise.all(roles.map(async (role) => [role, await sink.token(claimsOf(role))])));
    const mayUse = (role: string, { template }: Route) => role === 'contributor' && template.includes('/lists');
    expect(await walk.roles(tokens, mayUse)).toEqual([]);
  });

  it('answers an absurd id as one that does not exist', async () => {
    expect(await walk.ids(administrator, ['nope', '../x', '\0', "1'--", '%', 'x'.repeat(3_000), secret, newId()])).toEqual([]);
  });

  it('takes no broken, foreign, unknown or too large body, and repeats nothing of it', async () => {
    expect(await walk.bodies(administrator, newId())).toEqual([]);
  });
});
