import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWK } from 'jose';
import { ProblemError } from '../problem';
import { AccessGuard } from './access-guard';
import { Public, Roles, type AuthenticatedRequest } from './roles';
import { TokenVerifier } from './token-verifier';

class Routes {
  @Roles('administrator')
  administrators(this: void): void {}

  @Roles('administrator', 'viewer')
  viewers(this: void): void {}

  @Public()
  open(this: void): void {}

  forgotten(this: void): void {}
}

const routes = new Routes();
let privateKey: CryptoKey;
let guard: AccessGuard;
let rsaKey: CryptoKey;

beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const rsa = await generateKeyPair('RS256', { extractable: true });
  privateKey = pair.privateKey;
  rsaKey = rsa.privateKey;
  const keys: JWK[] = [
    { ...(await exportJWK(pair.publicKey)), kid: 'ec', alg: 'ES256' },
    { ...(await exportJWK(rsa.publicKey)), kid: 'rsa' },
  ];
  guard = new AccessGuard(new Reflector(), new TokenVerifier(createLocalJWKSet({ keys }), { issuer: 'us', audience: 'courier' }));
});

interface Claims {
  roles?: unknown;
  sub?: string | null;
  name?: string;
  expires?: string | number | null;
  issuer?: string;
  audience?: string;
}

function builder({ roles = ['administrator'], sub = 'ada', name, expires = '1h', issuer = 'us', audience = 'courier' }: Claims) {
  const jwt = new SignJWT({ roles, ...(name === undefined ? {} : { name }) }).setIssuer(issuer).setAudience(audience);
  if (sub !== null) jwt.setSubject(sub);
  if (expires !== null) jwt.setExpirationTime(expires);
  return jwt;
}

function token(claims: Claims = {}): Promise<string> {
  return builder(claims).setProtectedHeader({ alg: 'ES256', kid: 'ec' }).sign(privateKey);
}

async function ask(route: () => void, authorization?: string): Promise<number | AuthenticatedRequest> {
  const request: AuthenticatedRequest = { headers: { authorization } };
  const context = {
    getType: () => 'http',
    getHandler: () => route,
    getClass: () => Routes,
    switchToHttp: () => ({ getRequest: () => request }),
  } as unknown as ExecutionContext;
  try {
    await guard.canActivate(context);
    return request;
  } catch (error) {
    if (error instanceof ProblemError) return error.status;
    throw error;
  }
}

describe('AccessGuard', () => {
  it('lets a token with the role in and says who it is', async () => {
    const request = await ask(routes.administrators, `Bearer ${await token({ name: 'Ada' })}`);
    expect(request).toMatchObject({ user: { sub: 'ada', name: 'Ada', roles: ['administrator'] } });
  });

  it('refuses other roles with 403', async () => {
    expect(await ask(routes.administrators, `Bearer ${await token({ roles: ['viewer'] })}`)).toBe(403);
    expect(await ask(routes.administrators, `Bearer ${await token({ roles: 'administrator' })}`)).toBe(403);
    expect(await ask(routes.viewers, `Bearer ${await token({ roles: ['viewer', 'unheard-of'] })}`)).toMatchObject({
      user: { roles: ['viewer'] },
    });
  });

  it('refuses a route that names neither roles nor @Public(), even to administrators', async () => {
    expect(await ask(routes.forgotten, `Bearer ${await token()}`)).toBe(403);
  });

  it('wants no token on a public route', async () => {
    expect(await ask(routes.open)).toMatchObject({ headers: {} });
  });

  it('refuses tokens that are missing, foreign, expired or incomplete with 401', async () => {
    const { privateKey: foreign } = await generateKeyPair('ES256');
    const bad = [
      undefined,
      'Basic YTpi',
      'Bearer nonsense',
      `Bearer ${await builder({}).setProtectedHeader({ alg: 'ES256', kid: 'ec' }).sign(foreign)}`,
      `Bearer ${await builder({}).setProtectedHeader({ alg: 'ES256', kid: 'unknown' }).sign(privateKey)}`,
      `Bearer ${await token({ expires: Math.floor(Date.now() / 1000) - 60 })}`,
      `Bearer ${await token({ expires: null })}`,
      `Bearer ${await token({ sub: null })}`,
      `Bearer ${await token({ sub: '' })}`,
      `Bearer ${await token({ issuer: 'them' })}`,
      `Bearer ${await token({ audience: 'elsewhere' })}`,
    ];
    expect(await Promise.all(bad.map((authorization) => ask(routes.administrators, authorization)))).toEqual(bad.map(() => 401));
  });

  it('refuses algorithms that are not on the list', async () => {
    const unsigned = new UnsecuredJWT({ roles: ['administrator'] }).setSubject('ada').setExpirationTime('1h').encode();
    const hmac = await builder({})
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode('x'.repeat(32)));
    const rs256 = await builder({}).setProtectedHeader({ alg: 'RS256', kid: 'rsa' }).sign(rsaKey);
    expect(await ask(routes.administrators, `Bearer ${rs256}`)).toMatchObject({ user: { sub: 'ada' } });
    expect(await ask(routes.administrators, `Bearer ${unsigned}`)).toBe(401);
    expect(await ask(routes.administrators, `Bearer ${hmac}`)).toBe(401);
  });
});

describe('TokenVerifier', () => {
  it('says that keys are unavailable instead of calling the token bad', async () => {
    const verifier = new TokenVerifier(() => Promise.reject(new TypeError('fetch failed')));
    await expect(verifier.verify(await token())).rejects.toMatchObject({ code: 'token_keys_unavailable', retryable: true });
  });
});
