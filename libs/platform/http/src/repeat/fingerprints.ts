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
  private readonly secrets: readonly { id: string; secret: Buffer }[];

  /** `master`: what the file holds. Each of its keys gives a secret, and the file as a whole: versions before knew nothing else. */
  constructor(master: Buffer) {
    this.secrets = [master, ...keysIn(master.toString('utf8')).map((key) => Buffer.from(key))].map((from) => ({
      id: derive(from, 'secret-id', SECRET_ID_BYTES).toString('hex'),
      secret: derive(from, 'fingerprint', SECRET_BYTES),
    }));
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

  /**
   * The same for bodies that say the same, in whatever order and with whatever spaces. By each secret, under its id: as long as two
   * files have one key in common, whoever reads one knows what was written with the other. The file's own comes first.
   */
  of(body: unknown): Record<string, string> {
    const text = canonical(body);
    return Object.fromEntries(
      this.secrets.map(({ id, secret }) => [id, createHmac('sha256', secret).update(text).digest('hex')]),
    );
  }
}

/** Whether two fingerprints are of one body; null where they have no secret in common, so that nobody can tell. */
export function isSameBody(one: Record<string, string>, other: Record<string, string>): boolean | null {
  const common = Object.keys(one).filter((id) => id in other);
  return common.length === 0 ? null : common.every((id) => one[id] === other[id]);
}

/** What anybody could guess is no key: a secret of its own needs 128 bits and more. */
const KEY = /^[\w+/=-]{32,}$/;

/** The private parts of a JWKS, else the lines of a file that look like keys. */
function keysIn(text: string): string[] {
  const found = jwksKeys(text) ?? text.split('\n').map((line) => line.trim());
  return [...new Set(found)].filter((key) => KEY.test(key));
}

function jwksKeys(text: string): string[] | null {
  try {
    const { keys } = JSON.parse(text) as { keys?: { d?: string; k?: string }[] };
    return Array.isArray(keys) ? keys.flatMap(({ d, k }) => d ?? k ?? []) : null;
  } catch {
    return null;
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
