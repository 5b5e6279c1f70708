import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { decoderOf, markBytes, type TextEncoding } from './text-decoding';

// A stored part as UTF-8 text: unpacked where it is gzip, decoded where it is not UTF-8.

const UNPACKED_CHUNK_BYTES = 1_048_576;
/** Text of people shrinks to a tenth or a twentieth. What grows more than this is made to fill a disk. */
const EXPANSION_MAX = 200;
/** Small parts may grow as they like: a hundred like lines are no attack. */
const EXPANSION_FREE_BYTES = 16 * 1024 * 1024;
const GZIP_MARK = Buffer.from([0x1f, 0x8b]);

/** The stored bytes cannot be the text that they should be. Its message names the fault and quotes nothing. */
export class DamagedTextError extends Error {
  override readonly name = 'DamagedTextError';
}

export interface PlainTextOptions {
  gzip: boolean;
  /** For bytes that say nothing about themselves. A byte order mark (UTF-16 in both orders, UTF-8) wins over it. */
  encoding: TextEncoding;
}

/** Throws a DamagedTextError, or what `stored` throws. */
export async function* plainText(stored: AsyncIterable<Buffer>, { gzip, encoding }: PlainTextOptions): AsyncGenerator<Buffer> {
  let decode: ((chunk: Buffer, isLast: boolean) => Buffer) | null = null;
  for await (const chunk of withMark(gzip ? unpacked(stored) : stored)) {
    if (decode === null) {
      if (!gzip && startsAsGzip(chunk)) throw new DamagedTextError('is gzip, which the event does not say');
      decode = decoderOf(chunk, encoding);
    }
    const text = decode(chunk, false);
    if (text.length > 0) yield text;
  }
  const end = decode?.(Buffer.alloc(0), true);
  if (end !== undefined && end.length > 0) yield end;
}

export const startsAsGzip = (bytes: Buffer): boolean => bytes.subarray(0, GZIP_MARK.length).equals(GZIP_MARK);

/** The same bytes, the first piece at least as long as a mark where there are that many. */
async function* withMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let first: Buffer | null = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (first === null) {
      yield chunk;
      continue;
    }
    first = Buffer.concat([first, chunk]);
    if (first.length < markBytes) continue;
    yield first;
    first = null;
  }
  if (first !== null && first.length > 0) yield first;
}

/** Throws a DamagedTextError, or what `stored` throws. */
export async function* unpacked(stored: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let storedBytes = 0;
  let plainBytes = 0;
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of stored) {
      storedBytes += chunk.length;
      yield chunk;
    }
  };
  const gunzip = createGunzip({ chunkSize: UNPACKED_CHUNK_BYTES });
  const source = Readable.from(counted(), { objectMode: false });
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      plainBytes += chunk.length;
      if (plainBytes > Math.max(EXPANSION_FREE_BYTES, storedBytes * EXPANSION_MAX)) {
        throw new DamagedTextError(`unpacks to more than ${EXPANSION_MAX} times its size`);
      }
      yield chunk;
    }
    // Behind the last member zlib leaves alone what is no further member.
    if (gunzip.bytesWritten !== storedBytes) throw new DamagedTextError('has bytes behind its gzip data');
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw error;
    // A file without a byte is an empty part, packed or not.
    if (storedBytes > 0) throw new DamagedTextError('holds gzip data that are damaged or cut off');
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}
