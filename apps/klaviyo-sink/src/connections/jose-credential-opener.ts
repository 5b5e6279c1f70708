import { readFileSync } from 'node:fs';
import { AppError } from '@courier/kernel';
import { compactDecrypt, compactVerify, createLocalJWKSet, importJWK, type JSONWebKeySet, type JWK } from 'jose';
import { z } from 'zod';
import { CredentialOpener, type SealedCredential } from './credential-opener';
import type { Credential } from '../klaviyo';

const jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().min(1) })).min(1) });
const sealedContent = z.object({ connectionId: z.string(), version: z.int(), apiKey: z.string().min(1) });

export interface OpenerKeys {
  /** Ours, private, old ones included: an API key stays sealed to the key of its day until it is rotated. */
  private: JSONWebKeySet;
  /** The signing keys of connection-service. */
  signers: JSONWebKeySet;
}

/**
 * Opens what connection-service sealed. Encryption alone would prove nothing, because the public key is no secret: the signature inside
 * says who sealed it, and the bound id and version that it was not taken from another connection or from before a rotation.
 */
export class JoseCredentialOpener extends CredentialOpener {
  constructor(private readonly keys: OpenerKeys) {
    super();
  }

  static fromFiles(files: { sinkPrivateJwks: string; signingPublicJwks: string }): JoseCredentialOpener {
    return new JoseCredentialOpener({
      private: readJwks(files.sinkPrivateJwks, 'SINK_PRIVATE_JWKS_FILE'),
      signers: readJwks(files.signingPublicJwks, 'CONNECTION_SIGNING_PUBLIC_JWKS_FILE'),
    });
  }

  async open({ connectionId, version, sealed }: SealedCredential): Promise<Credential | null> {
    try {
      const decrypted = await compactDecrypt(sealed, (header) => this.privateKey(header.kid), {
        keyManagementAlgorithms: ['ECDH-ES+A256KW'],
        contentEncryptionAlgorithms: ['A256GCM'],
      });
      const signed = Buffer.from(decrypted.plaintext).toString('utf8');
      const verified = await compactVerify(signed, createLocalJWKSet(this.keys.signers), { algorithms: ['ES256'] });
      const content = sealedContent.parse(JSON.parse(Buffer.from(verified.payload).toString('utf8')));
      const bound = content.connectionId === connectionId && content.version === version;
      return bound ? { apiKey: content.apiKey } : null;
    } catch {
      // Whatever does not open is refused alike; the libraries' own errors may quote what they could not read.
      return null;
    }
  }

  private privateKey(kid: string | undefined): ReturnType<typeof importJWK> {
    const key = this.keys.private.keys.find((candidate: JWK) => candidate.kid === kid);
    if (key === undefined) throw new AppError('unknown_sealing_key', 'the credential was sealed to a key that is not ours');
    return importJWK(key, 'ECDH-ES+A256KW');
  }
}

function readJwks(file: string, setting: string): JSONWebKeySet {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new AppError('key_file_unreadable', `${setting} cannot be read as JSON`);
  }
  const parsed = jwks.safeParse(content);
  if (!parsed.success) throw new AppError('key_file_invalid', `${setting} is no JSON Web Key Set with key ids`);
  return parsed.data as JSONWebKeySet;
}
