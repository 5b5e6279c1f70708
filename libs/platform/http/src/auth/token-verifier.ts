import { readFileSync } from 'node:fs';
import type { AuthSettings } from '@courier/config';
import { AppError } from '@courier/kernel';
import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { roles, type Role, type User } from './roles';

/** Signatures by asymmetric keys only: an HMAC token would be one that any holder of the public JWKS could make. */
const algorithms = ['RS256', 'ES256', 'EdDSA'];

/** What jose throws for an endpoint that is too slow, answers otherwise than with 200 and JSON (it has no code of its own), or with no JWKS. */
const keysAreMissing = new Set(['ERR_JWKS_TIMEOUT', errors.JOSEError.code, 'ERR_JWKS_INVALID']);

export type TokenVerdict = { kind: 'user'; user: User } | { kind: 'refused' };

export class TokenVerifier {
  constructor(
    private readonly keys: JWTVerifyGetKey,
    private readonly expected: Pick<AuthSettings, 'issuer' | 'audience'> = {},
  ) {}

  static from(settings: AuthSettings): TokenVerifier {
    return new TokenVerifier(keysFrom(settings.keys), settings);
  }

  /** Throws only when the keys themselves cannot be had. */
  async verify(token: string): Promise<TokenVerdict> {
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        algorithms,
        requiredClaims: ['exp', 'sub'],
        ...(this.expected.issuer === undefined ? {} : { issuer: this.expected.issuer }),
        ...(this.expected.audience === undefined ? {} : { audience: this.expected.audience }),
      });
      if (payload.sub === undefined || payload.sub === '') return { kind: 'refused' };
      const name = typeof payload.name === 'string' && payload.name !== '' ? payload.name : payload.sub;
      return { kind: 'user', user: { sub: payload.sub, name, roles: knownRoles(payload.roles) } };
    } catch (cause) {
      if (cause instanceof errors.JOSEError && !keysAreMissing.has(cause.code)) return { kind: 'refused' };
      throw new AppError('token_keys_unavailable', 'The keys that verify tokens cannot be read.', { retryable: true, cause });
    }
  }
}

function knownRoles(claim: unknown): Role[] {
  return Array.isArray(claim) ? roles.filter((role) => claim.includes(role)) : [];
}

function keysFrom(source: AuthSettings['keys']): JWTVerifyGetKey {
  // Asked every ten minutes: a connection that was kept so long is one that the endpoint may be closing.
  if ('uri' in source) return createRemoteJWKSet(new URL(source.uri), { headers: { connection: 'close' } });
  try {
    return createLocalJWKSet(JSON.parse(readFileSync(source.file, 'utf8')) as JSONWebKeySet);
  } catch (cause) {
    throw new AppError('jwks_unreadable', 'AUTH_JWKS_FILE is not a readable JWKS.', { cause });
  }
}
