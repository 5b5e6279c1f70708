import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { TokenVerifier } from './token-verifier';

describe('a token whose keys an endpoint holds', () => {
  let server: Server;
  let privateKey: CryptoKey;
  let jwk: JWK;

  beforeAll(async () => {
    const pair = await generateKeyPair('ES256');
    privateKey = pair.privateKey;
    jwk = await exportJWK(pair.publicKey);
  });
  afterEach(async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });

  async function verify(answer: RequestListener) {
    server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const token = await new SignJWT({ roles: ['viewer'] })
      .setProtectedHeader({ alg: 'ES256' })
      .setSubject('ada')
      .setExpirationTime('1h')
      .sign(privateKey);
    return TokenVerifier.from({ keys: { uri: `http://127.0.0.1:${port}` } }).verify(token);
  }

  it('is accepted when the endpoint answers with them', async () => {
    const verdict = await verify((_request, response) => response.end(JSON.stringify({ keys: [jwk] })));
    expect(verdict).toMatchObject({ kind: 'user', user: { sub: 'ada', roles: ['viewer'] } });
  });

  it('keeps no connection to the endpoint, which would close it some day as the next question goes out', async () => {
    const asked: (string | undefined)[] = [];
    await verify(({ headers }, response) => {
      asked.push(headers.connection);
      response.end(JSON.stringify({ keys: [jwk] }));
    });
    expect(asked).toEqual(['close']);
  });

  it('is refused when the endpoint has other keys', async () => {
    expect(await verify((_request, response) => response.end('{"keys":[]}'))).toEqual({ kind: 'refused' });
  });

  it.each([
    ['with an error', 503, ''],
    ['with no JSON', 200, '<html>'],
    ['with no key set', 200, '{"error":"later"}'],
  ])('is no reason to refuse the caller when the endpoint answers %s', async (_how, status, body) => {
    await expect(verify((_request, response) => response.writeHead(status).end(body))).rejects.toMatchObject({
      code: 'token_keys_unavailable',
      retryable: true,
    });
  });
});
