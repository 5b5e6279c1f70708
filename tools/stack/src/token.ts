import { existsSync, readFileSync } from 'node:fs';
import { importJWK, SignJWT, type JSONWebKeySet } from 'jose';
import { keyFiles } from './keys';
import { StackError } from './stack-error';

export const TOKEN_ISSUER = 'urn:segment-courier:embedded';
export const TOKEN_AUDIENCE = 'segment-courier';
export const roles = ['administrator', 'contributor', 'viewer'] as const;
export type Role = (typeof roles)[number];

const LIFETIME = '24h';

export interface TokenSubject {
  sub: string;
  name: string;
  roles: readonly Role[];
}

/** A bearer token that the services of the stack in `dir`, and no others, accept for 24 hours. */
export async function mintToken(dir: string, subject: TokenSubject): Promise<string> {
  const file = keyFiles(dir).issuerPrivateJwks;
  if (!existsSync(file)) throw new StackError(`There is no stack in ${dir} yet. Run npm start first, with the same STACK_DIR.`);
  const [key] = (JSON.parse(readFileSync(file, 'utf8')) as JSONWebKeySet).keys;
  if (!key?.alg || !key.kid)
    throw new StackError(`${file} holds no signing key. Remove the folder "keys" beside it and start again.`);
  return new SignJWT({ name: subject.name, roles: [...subject.roles] })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT' })
    .setSubject(subject.sub)
    .setIssuer(TOKEN_ISSUER)
    .setAudience(TOKEN_AUDIENCE)
    .setIssuedAt()
    .setExpirationTime(LIFETIME)
    .sign(await importJWK(key));
}
