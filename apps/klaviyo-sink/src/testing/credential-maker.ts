import { CompactEncrypt, CompactSign, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { OpenerKeys } from '../connections/jose-credential-opener';

interface KeyPair {
  kid: string;
  private: JWK;
  public: JWK;
}

export interface ToSeal {
  connectionId: string;
  version: number;
  apiKey: string;
}

/** Seals credentials as connection-service does, with keys of its own. */
export class CredentialMaker {
  private constructor(
    readonly signing: KeyPair,
    readonly sealing: KeyPair,
  ) {}

  static async create(name = 'test'): Promise<CredentialMaker> {
    return new CredentialMaker(await pair(`${name}-sign`, 'ES256'), await pair(`${name}-seal`, 'ECDH-ES+A256KW'));
  }

  get openerKeys(): OpenerKeys {
    return { private: { keys: [this.sealing.private] }, signers: { keys: [this.signing.public] } };
  }

  async seal(content: ToSeal, signer: CredentialMaker = this): Promise<string> {
    const encoder = new TextEncoder();
    const signed = await new CompactSign(encoder.encode(JSON.stringify(content)))
      .setProtectedHeader({ alg: 'ES256', kid: signer.signing.kid })
      .sign(signer.signing.private);
    return new CompactEncrypt(encoder.encode(signed))
      .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', kid: this.sealing.kid })
      .encrypt(this.sealing.public);
  }
}

async function pair(kid: string, alg: string): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, private: { ...(await exportJWK(privateKey)), kid, alg }, public: { ...(await exportJWK(publicKey)), kid, alg } };
}
