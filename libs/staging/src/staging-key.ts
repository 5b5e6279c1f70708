import { hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AppError } from '@courier/kernel';

const KEY_BYTES = 32;
const KEY_ID_BYTES = 8;

/** The master key of the staging area (`STAGING_KEY_FILE`). Each run and each ledger gets a key of its own from it. */
export class StagingKey {
  /** Stored in every object, so that a reader can tell "another key" from "damaged". Reveals nothing about the key. */
  readonly id: Buffer;
  readonly #master: Buffer;

  constructor(master: Buffer) {
    if (master.length !== KEY_BYTES) throw new AppError('staging_key_invalid', 'The staging key must have 32 bytes');
    this.#master = Buffer.from(master);
    this.id = this.#derive('key-id', KEY_ID_BYTES);
  }

  /** Reads a file that holds base64 of 32 bytes. */
  static fromFile(file: string): StagingKey {
    let text: string;
    try {
      text = readFileSync(file, 'utf8').trim();
    } catch (cause) {
      throw new AppError('staging_key_missing', 'The staging key file cannot be read', { cause });
    }
    const master = Buffer.from(text, 'base64');
    const isBase64 = master.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '');
    if (!isBase64 || master.length !== KEY_BYTES) {
      throw new AppError('staging_key_invalid', 'The staging key file must hold base64 of 32 bytes');
    }
    return new StagingKey(master);
  }

  keyFor(collection: string, scope: string): Buffer {
    return this.#derive(`object/${collection}/${scope}`, KEY_BYTES);
  }

  #derive(purpose: string, bytes: number): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#master, 'courier-staging-v1', purpose, bytes));
  }
}
