import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Snapshot, SnapshotPartition } from '@courier/contracts';
import {
  DamagedTextError,
  LineScanner,
  type PartReading,
  plainText,
  RecordScanner,
  scanText,
  startsAsGzip,
  type TextScanner,
} from '@courier/csv-records';
import { AppError } from '@courier/kernel';
import { exitCodes } from '../exit-codes';
import { OpsError } from '../ops-error';
import { countParquetRows } from './parquet-rows';

const CHUNK_BYTES = 1_048_576;

export type DescribedPart = Required<Pick<SnapshotPartition, 'uri' | 'rows' | 'bytes' | 'sha256'>>;

export interface PartFile {
  file: string;
  /** What a manifest says of the part; null where none does. */
  reading: PartReading | null;
}

export interface PartDescription {
  part: DescribedPart;
  compression: Snapshot['compression'];
}

/** Reads a part once for its records, its bytes and its digest. Counts as the orchestrator does, so that the two cannot disagree. */
export async function describePart(
  { file, reading }: PartFile,
  format: Snapshot['format'],
  onBytes: (bytes: number) => void = () => undefined,
): Promise<PartDescription> {
  const hash = createHash('sha256');
  let bytes = 0;
  const stored = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      hash.update(chunk);
      onBytes(chunk.length);
      yield chunk;
    }
  };
  try {
    const gzip = format !== 'parquet' && (await isGzip(file));
    const rows =
      format === 'parquet' ? await hashedParquetRows(file, stored()) : await countText(stored(), { format, gzip, reading });
    const part = { uri: pathToFileURL(file).href, rows, bytes, sha256: hash.digest('hex') };
    return { part, compression: gzip ? 'gzip' : 'none' };
  } catch (error) {
    throw unreadable(file, error);
  }
}

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const start = Buffer.alloc(2);
    await handle.read(start, 0, start.length, 0);
    return startsAsGzip(start);
  } finally {
    await handle.close();
  }
}

async function hashedParquetRows(file: string, stored: AsyncIterable<Buffer>): Promise<number> {
  for await (const _chunk of stored);
  return countParquetRows(file);
}

interface TextPart {
  format: 'cdm-csv' | 'csv' | 'ndjson';
  gzip: boolean;
  reading: PartReading | null;
}

async function countText(stored: AsyncIterable<Buffer>, { format, gzip, reading }: TextPart): Promise<number> {
  const scanner: TextScanner = format === 'ndjson' ? new LineScanner(ignore) : recordsOf(reading);
  await scanText(plainText(stored, { gzip, encoding: reading?.encoding ?? 'utf-8' }), scanner);
  if (format === 'ndjson' && scanner.rows > 0 && scanner.unreadable.length === scanner.rows) {
    throw new DamagedTextError('has no line that is a JSON object');
  }
  return scanner.rows;
}

function recordsOf(reading: PartReading | null): RecordScanner {
  if (reading === null) return new RecordScanner('header', ignore);
  return new RecordScanner(reading.hasHeader ? 'header' : 'any', ignore, { dialect: reading.dialect });
}

const ignore = (): void => undefined;

function unreadable(file: string, error: unknown): OpsError {
  const code = (error as NodeJS.ErrnoException).code;
  const said = error instanceof DamagedTextError || error instanceof AppError || code?.startsWith('E');
  return new OpsError({
    code: code === 'ENOENT' ? 'part_missing' : 'part_unreadable',
    what: `The part ${file} cannot be read.`,
    why:
      error instanceof DamagedTextError
        ? `It ${error.message}.`
        : said
          ? (error as Error).message
          : 'It is not what it is called.',
    remedy: 'Name files that exist, may be read, and hold the format that is named; nothing was published.',
    exitCode: exitCodes.usage,
    cause: error,
  });
}
