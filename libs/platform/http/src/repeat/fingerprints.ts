import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AppError } from '@courier/kernel';

const SECRET_BYTES = 32;
const SECRET_ID_BYTES = 8;

/**
 * Digests of bodies that nobody can guess their way back from: a body with an e-mail address in it has few candidates, so a plain
 * hash would be as good as the address. The secret is derived from a file that the service has anyway and the database has not.
 */
export class Fingerprints {
  /** Stored beside each fingerprint: one that was made with another secret can be told from one of another body. */
  readonly secretId: string;
  private readonly secret: Buffer;

  constructor(master: Buffer) {
    this.secret = derive(master, 'fingerprint', SECRET_BYTES);
    this.secretId = derive(master, 'secret-id', SECRET_ID_BYTES).toString('hex');
  }

  static fromFile(file: string): Fingerprints {
    try {
      return new Fingerprints(readFileSync(file));
    } catch (cause) {
      throw new AppError('secret_file_unreadable', 'The file that fingerprints of requests are derived from cannot be read.', {
        cause,
      });
    }
  }

  /** The same for bodies that say the same, in whatever order and with whatever spaces. */
  of(body: unknown): string {
    return createHmac('sha256', this.secret).update(canonical(body)).digest('hex');
  }
}

/** Names a request without keeping what the caller wrote. */
export function requestId(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function derive(master: Buffer, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', master, 'courier-requests-v1', purpose, bytes));
}

function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}
