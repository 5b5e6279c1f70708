import { readFileSync } from 'node:fs';
import { AppError } from '@courier/kernel';
import { CompactEncrypt, CompactSign, importJWK, type CryptoKey, type JWK } from 'jose';

interface NamedKey {
  kid: string;
  key: CryptoKey;
}

/**
 * Locks an API key so that only the sink can open it: signed, then encrypted. The signature proves that this service issued the credential, because anybody who knows the sink's public key
 * could encrypt one; the encryption leaves nobody but the sink able to read it, this service included.
 */
export class CredentialSealer {
  private constructor(
    private readonly signing: NamedKey,
    private readonly recipient: NamedKey,
  ) {}

  /** The first key of each JWKS is the current one; later ones are kept by the other side for what was sealed before. */
  static async fromFiles(files: { signingPrivateJwks: string; sinkPublicJwks: string }): Promise<CredentialSealer> {
    const signing = await readKey('CONNECTION_SIGNING_PRIVATE_JWKS_FILE', files.signingPrivateJwks, 'ES256');
    const recipient = await readKey('SINK_PUBLIC_JWKS_FILE', files.sinkPublicJwks, 'ECDH-ES+A256KW');
    return new CredentialSealer(signing, recipient);
  }

  /** Bound to this connection and version: ciphertext moved to another connection is refused by the sink. */
  async seal(credential: { connectionId: string; version: number; apiKey: string }): Promise<string> {
    const { connectionId, version, apiKey } = credential;
    const signed = await new CompactSign(bytes(JSON.stringify({ connectionId, version, apiKey })))
      .setProtectedHeader({ alg: 'ES256', kid: this.signing.kid, typ: 'courier-credential+jws' })
      .sign(this.signing.key);
    return new CompactEncrypt(bytes(signed))
      .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', kid: this.recipient.kid, cty: 'courier-credential+jws' })
      .encrypt(this.recipient.key);
  }
}

async function readKey(setting: string, file: string, algorithm: string): Promise<NamedKey> {
  try {
    const { keys } = JSON.parse(readFileSync(file, 'utf8')) as { keys: (JWK & { kid: string })[] };
    const [jwk] = keys;
    if (jwk === undefined || typeof jwk.kid !== 'string') throw new TypeError('no key with a kid');
    const key = await importJWK({ ...jwk, alg: algorithm }, algorithm);
    if (key instanceof Uint8Array) throw new TypeError('a symmetric key');
    return { kid: jwk.kid, key };
  } catch (cause) {
    throw new AppError('jwks_unreadable', `${setting} is not a JWKS whose first key has a kid and fits ${algorithm}.`, { cause });
  }
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
