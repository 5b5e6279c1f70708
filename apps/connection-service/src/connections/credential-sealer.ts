/** Locks an API key so that only the sink can open it. */
export abstract class CredentialSealer {
  /** Bound to this connection and version: ciphertext moved to another connection is refused by the sink. */
  abstract seal(credential: { connectionId: string; version: number; apiKey: string }): Promise<string>;
}
