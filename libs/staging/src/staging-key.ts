import { hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AppError } from '@courier/kernel';

const KEY_BYTES = 32;
const KEY_ID_BYTES = 8;

/**
 * The master key that the staging area is written with (`STAGING_KEY_FILE`), and the older ones that it is still read with. Each run and
 * each ledger gets a key of its own from it.
 */
export class StagingKey {
  /** Stored in every object, so that a reader can tell "another key" from "damaged". Reveals nothing about the key. */
  readonly id: Buffer;
  readonly #master: Buffer;

  constructor(
    master: Buffer,
    private readonly older: readonly StagingKey[] = [],
  ) {
    if (master.length !== KEY_BYTES) throw new AppError('staging_key_invalid', 'The staging key must have 32 bytes');
    this.#master = Buffer.from(master);
    this.id = this.#derive('key-id', KEY_ID_BYTES);
  }

  /** Reads a file of lines, each base64 of 32 bytes: the first line is the newest key, which writes; all of them read. */
  static fromFile(file: string): StagingKey {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (cause) {
      throw new AppError('staging_key_missing', 'The staging key file cannot be read', { cause });
    }
    const [newest, ...older] = text.split(/\r?\n/).filter((line) => line.trim() !== '');
    return new StagingKey(
      masterOf(newest ?? ''),
      older.map((line) => new StagingKey(masterOf(line))),
    );
  }

  /** The key that wrote an object, by the id in it; null where it is none of these. */
  withId(id: Buffer): StagingKey | null {
    return [this, ...this.older].find((key) => key.id.equals(id)) ?? null;
  }

  keyFor(collection: string, scope: string): Buffer {
    return this.#derive(`object/${collection}/${scope}`, KEY_BYTES);
  }

  #derive(purpose: string, bytes: number): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#master, 'courier-staging-v1', purpose, bytes));
  }
}

function masterOf(line: string): Buffer {
  const text = line.trim();
  const master = Buffer.from(text, 'base64');
  const isBase64 = master.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '');
  if (!isBase64 || master.length !== KEY_BYTES) {
    throw new AppError('staging_key_invalid', 'The staging key file must hold base64 of 32 bytes, in one line for each key');
  }
  return master;
}
