import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { AppError } from '@courier/kernel';
import type { StagedPath } from './staged-path';
import type { StagingKey } from './staging-key';

// The stored form: magic with the format version, key id, coding, nonce | ciphertext | tag. The header and the object's place are
// the additional data of AES-256-GCM. Compression comes before encryption; Parquet is compressed already and stays as it is.

const MAGIC = Buffer.from('CST1', 'latin1');
const KEY_ID_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CODING_AT = MAGIC.length + KEY_ID_BYTES;
const NONCE_AT = CODING_AT + 1;
const HEADER_BYTES = NONCE_AT + NONCE_BYTES;
const ZSTD_LEVEL = 3;

const codings = { none: 0, zstd: 1 } as const;
export type Coding = keyof typeof codings;

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

const boundData = (header: Buffer, path: StagedPath): Buffer =>
  Buffer.concat([header, Buffer.from(JSON.stringify([path.collection, path.scope, path.attempt, path.name]))]);

export async function seal(content: Buffer, path: StagedPath, key: StagingKey, coding: Coding): Promise<Buffer> {
  const body =
    coding === 'zstd' ? await compress(content, { params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } }) : content;
  const nonce = randomBytes(NONCE_BYTES);
  const header = Buffer.concat([MAGIC, key.id, Buffer.from([codings[coding]]), nonce]);
  const cipher = createCipheriv('aes-256-gcm', key.keyFor(path.collection, path.scope), nonce);
  cipher.setAAD(boundData(header, path));
  const sealed = cipher.update(body);
  return Buffer.concat([header, sealed, cipher.final(), cipher.getAuthTag()]);
}

const damaged = (detail: string, cause?: unknown): AppError =>
  new AppError('staged_object_damaged', `A staged object cannot be opened: ${detail}`, { cause });

export async function open(stored: Buffer, path: StagedPath, key: StagingKey, contentBytesMax: number): Promise<Buffer> {
  if (stored.length < HEADER_BYTES + TAG_BYTES || !stored.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw damaged('not in a known format');
  }
  const writer = key.withId(stored.subarray(MAGIC.length, CODING_AT));
  if (writer === null) {
    throw new AppError('staging_key_unknown', 'A staged object was written with another key than STAGING_KEY_FILE holds');
  }
  const header = stored.subarray(0, HEADER_BYTES);
  const body = decrypt(stored, header, path, writer);
  const coding = header[CODING_AT];
  if (coding === codings.none) {
    if (body.length > contentBytesMax) throw tooLarge(contentBytesMax);
    return body;
  }
  if (coding !== codings.zstd) throw damaged('unknown coding');
  try {
    return await decompress(body, { maxOutputLength: contentBytesMax });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(contentBytesMax);
    throw damaged('the compressed content is broken', cause);
  }
}

function decrypt(stored: Buffer, header: Buffer, path: StagedPath, key: StagingKey): Buffer {
  const nonce = header.subarray(NONCE_AT, HEADER_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key.keyFor(path.collection, path.scope), nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(boundData(header, path));
  decipher.setAuthTag(stored.subarray(stored.length - TAG_BYTES));
  const opened = decipher.update(stored.subarray(HEADER_BYTES, stored.length - TAG_BYTES));
  try {
    return Buffer.concat([opened, decipher.final()]);
  } catch (cause) {
    throw damaged('the content or its place was changed', cause);
  }
}

function tooLarge(bytesMax: number): AppError {
  return new AppError('staged_object_too_large', 'A staged object is larger than its kind may be', { context: { bytesMax } });
}
