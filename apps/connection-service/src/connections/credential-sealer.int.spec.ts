import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compactDecrypt, compactVerify, exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { CredentialSealer } from './credential-sealer';

const credential = { connectionId: '0190e2a4-0000-7000-8000-000000000001', version: 1, apiKey: 'pk_0123456789abcdef0123456789' };
let folder: string;
let sinkPrivate: CryptoKey;
let signingPublic: CryptoKey;
let files: { signingPrivateJwks: string; sinkPublicJwks: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealer-spec-'));
  const signing = await generateKeyPair('ES256', { extractable: true });
  const sink = await generateKeyPair('ECDH-ES+A256KW', { extractable: true, crv: 'P-256' });
  sinkPrivate = sink.privateKey;
  signingPublic = signing.publicKey;
  files = {
    signingPrivateJwks: await jwks('signing', { ...(await exportJWK(signing.privateKey)), kid: 'signing-1' }),
    sinkPublicJwks: await jwks('sink', { ...(await exportJWK(sink.publicKey)), kid: 'sink-1' }),
  };
});

afterAll(() => rm(folder, { recursive: true }));

async function jwks(name: string, ...keys: JWK[]): Promise<string> {
  const file = join(folder, `${name}.json`);
  await writeFile(file, JSON.stringify({ keys }));
  return file;
}

describe('CredentialSealer', () => {
  it('seals what the sink can open and verify, and names both keys', async () => {
    const sealed = await (await CredentialSealer.fromFiles(files)).seal(credential);
    const { plaintext, protectedHeader } = await compactDecrypt(sealed, sinkPrivate);
    expect(protectedHeader).toMatchObject({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', kid: 'sink-1' });
    const verified = await compactVerify(new TextDecoder().decode(plaintext), signingPublic);
    expect(verified.protectedHeader).toMatchObject({ alg: 'ES256', kid: 'signing-1' });
    expect(JSON.parse(new TextDecoder().decode(verified.payload))).toEqual(credential);
  });

  it('cannot open it again with the keys that it has', async () => {
    const sealed = await (await CredentialSealer.fromFiles(files)).seal(credential);
    const own = await importJWK({ ...(await exportJWK(signingPublic)) }, 'ECDH-ES+A256KW');
    await expect(compactDecrypt(sealed, own)).rejects.toThrow();
    expect(sealed).not.toContain(credential.apiKey);
  });

  it.each([
    ['a file that is not there', async () => Promise.resolve('/nowhere.json')],
    ['a JWKS without keys', () => jwks('empty')],
    ['a key without a kid', async () => jwks('nameless', await exportJWK(signingPublic))],
  ])('says which setting is wrong for %s, and quotes nothing of it', async (_name, file) => {
    const loading = CredentialSealer.fromFiles({ ...files, sinkPublicJwks: await file() });
    await expect(loading).rejects.toMatchObject({
      code: 'jwks_unreadable',
      message: 'SINK_PUBLIC_JWKS_FILE is not a JWKS whose first key has a kid and fits ECDH-ES+A256KW.',
    });
  });
});
