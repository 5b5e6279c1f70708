import type { Credential } from '../klaviyo';

export interface SealedCredential {
  connectionId: string;
  version: number;
  sealed: string;
}

export abstract class CredentialOpener {
  /** Null when signature, connection id or version do not fit, or no private key of ours opens it. */
  abstract open(credential: SealedCredential): Promise<Credential | null>;
}
