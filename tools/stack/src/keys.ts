import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { keepSecret, writeSecret } from './secret-file';

/** The key files of one stack folder. They are made once, differ in every folder and are accepted nowhere else. */
export interface StackKeys {
  /** Signs the bearer tokens of `npm run token`. */
  readonly issuerPrivateJwks: string;
  readonly issuerPublicJwks: string;
  /** The sink opens credentials with the private one; connection-service seals with the public one. */
  readonly sinkPrivateJwks: string;
  readonly sinkPublicJwks: string;
  /** connection-service signs the sealed credentials. */
  readonly connectionPrivateJwks: string;
  readonly connectionPublicJwks: string;
  /** 32 bytes in base64 that encrypt staged profiles. */
  readonly stagingKey: string;
}

const STAGING_KEY_BYTES = 32;

export function keyFiles(dir: string): StackKeys {
  const file = (name: string): string => join(dir, 'keys', name);
  return {
    issuerPrivateJwks: file('issuer-private.jwks.json'),
    issuerPublicJwks: file('issuer-public.jwks.json'),
    sinkPrivateJwks: file('sink-private.jwks.json'),
    sinkPublicJwks: file('sink-public.jwks.json'),
    connectionPrivateJwks: file('connection-signing-private.jwks.json'),
    connectionPublicJwks: file('connection-signing-public.jwks.json'),
    stagingKey: file('staging.key'),
  };
}

export async function ensureKeys(dir: string): Promise<StackKeys> {
  const files = keyFiles(dir);
  mkdirSync(join(dir, 'keys'), { recursive: true, mode: 0o700 });
  const signing = { algorithm: 'ES256', use: 'sig' } as const;
  await ensurePair(files.issuerPrivateJwks, files.issuerPublicJwks, signing);
  await ensurePair(files.connectionPrivateJwks, files.connectionPublicJwks, signing);
  await ensurePair(files.sinkPrivateJwks, files.sinkPublicJwks, { algorithm: 'ECDH-ES+A256KW', use: 'enc' });
  await keepSecret(files.stagingKey, () => randomBytes(STAGING_KEY_BYTES).toString('base64'));
  return files;
}

async function ensurePair(
  privateFile: string,
  publicFile: string,
  { algorithm, use }: { algorithm: string; use: string },
): Promise<void> {
  if (existsSync(privateFile) && existsSync(publicFile)) return;
  const pair = await generateKeyPair(algorithm, { extractable: true, crv: 'P-256' });
  const publicKey = await exportJWK(pair.publicKey);
  const common = { kid: await calculateJwkThumbprint(publicKey), alg: algorithm, use };
  const jwks = (key: JWK): string => JSON.stringify({ keys: [{ ...key, ...common }] });
  writeSecret(publicFile, jwks(publicKey));
  writeSecret(privateFile, jwks(await exportJWK(pair.privateKey)));
}
