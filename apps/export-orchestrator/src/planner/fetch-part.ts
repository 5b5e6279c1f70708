import { open, rm, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Snapshot } from '@courier/contracts';
import {
  type CdmColumn,
  DamagedTextError,
  LineScanner,
  type PartReading,
  plainText,
  RecordScanner,
  scanText,
  type TextEncoding,
  unpacked,
} from '@courier/csv-records';
import { AppError } from '@courier/kernel';
import { storedBytes, type StoredPart } from './stored-part';

// Copies one part into the private folder, hashing what is read and counting its records on the way. What is hashed is what is
// planned: the copy is made from the same bytes, so a part that changes afterwards changes nothing.

/** Columns of one CSV part; more are a file that is no table. */
const COLUMNS_MAX = 10_000;
/** What is put together for one write. Short records may be a few bytes that become many times as many. */
const BLOCK_BYTES = 1_048_576;

/** What the copy holds: CSV by RFC 4180 without a header, JSON lines, or the file itself. `culture`: how numbers and dates are spelled. */
export type CopyOf =
  { format: 'csv'; columns: readonly CdmColumn[]; culture: string | null } | { format: 'ndjson' } | { format: 'parquet' };

export interface FetchedPart {
  /** Name of the private copy; of a text part it holds the sound records only. */
  file: string;
  rows: number;
  /** 1-based numbers of the records that are not in the copy. */
  unreadable: readonly number[];
  copy: CopyOf;
  /** It is not UTF-8 and does not say what it is; it was taken for Windows-1252. */
  encodingAssumed: boolean;
  /** Records that lacked their last cells, where that is allowed. */
  short: number;
}

/** What a manifest says of a part. */
export interface DescribedCsv {
  columns: readonly CdmColumn[];
  reading: PartReading;
}

export interface PartSource extends StoredPart {
  /** Private copy to be written. */
  target: string;
  format: Snapshot['format'];
  compression: Snapshot['compression'];
  /** Of `cdm-csv`. */
  described: DescribedCsv | null;
}

export interface FetchWatch {
  /** Stored bytes that were read. */
  onBytes(bytes: number): void;
  /** Bytes of text that they became, cells that short records lacked included; throws when they are too many. */
  onText(bytes: number): void;
}

/**
 * Errors: those of `storedBytes`, `snapshot_unreadable`, `snapshot_count_mismatch`. The rows of a Parquet part are the announced ones:
 * whoever opens it compares.
 */
export async function fetchPart(part: PartSource, watch: FetchWatch): Promise<FetchedPart> {
  try {
    return part.format === 'parquet'
      ? await copyFile(part, watch)
      : await copyText(part, watch, part.described?.reading.encoding ?? 'utf-8');
  } catch (error) {
    const failure =
      error instanceof DamagedTextError ? new AppError('snapshot_unreadable', `${part.what} ${error.message}`) : error;
    // A damaged file is called that, whatever its damage looks like, where the event can tell.
    if (failure instanceof AppError && contentFailures.includes(failure.code)) await compareBytes(part);
    throw failure;
  }
}

const contentFailures: readonly string[] = ['snapshot_unreadable', 'snapshot_count_mismatch'];

async function compareBytes(part: StoredPart): Promise<void> {
  for await (const _chunk of storedBytes(part, () => undefined));
}

async function copyFile(part: PartSource, watch: FetchWatch): Promise<FetchedPart> {
  const writer = await open(part.target, 'wx', 0o600);
  try {
    const stored = storedBytes(part, watch.onBytes);
    for await (const chunk of counted(part.compression === 'gzip' ? unpacked(stored) : stored, watch.onText)) {
      await writer.writeFile(chunk);
    }
  } finally {
    await writer.close();
  }
  const { rows } = part.partition;
  return { file: basename(part.target), rows, unreadable: [], copy: { format: 'parquet' }, encodingAssumed: false, short: 0 };
}

async function copyText(part: PartSource, watch: FetchWatch, encoding: TextEncoding): Promise<FetchedPart> {
  const writer = await open(part.target, 'wx', 0o600);
  let sound: Buffer[] = [];
  let filledBytes = 0;
  const keep = (range: Buffer): void => void sound.push(range);
  const records = part.format === 'ndjson' ? null : recordsOf(part.described, keep);
  const scanner = records ?? new LineScanner(keep);
  const stored = storedBytes(part, watch.onBytes);
  try {
    await scanText(
      counted(plainText(stored, { gzip: part.compression === 'gzip', encoding }), watch.onText),
      scanner,
      async () => {
        assertRowsAnnounced(part, scanner.rows);
        // Empty cells are text as well: a small part of short rows must not fill the disk.
        if (records !== null) watch.onText(records.filledBytes - filledBytes);
        filledBytes = records?.filledBytes ?? 0;
        await writeRanges(writer, sound);
        sound = [];
      },
    );
  } finally {
    await writer.close();
  }
  if (encoding === 'utf-8' && part.format === 'csv' && records !== null && records.foreign > records.accented) {
    // Most of what is not ASCII is not UTF-8 either, so the file is not.
    await rm(part.target);
    return copyText(part, watch, 'windows-1252');
  }
  if (scanner.rows !== part.partition.rows) {
    const detail = `${part.what} has ${scanner.rows} records, the event says ${part.partition.rows}`;
    throw new AppError('snapshot_count_mismatch', detail);
  }
  return {
    file: basename(part.target),
    rows: scanner.rows,
    unreadable: scanner.unreadable,
    copy: records === null ? { format: 'ndjson' } : csvCopy(part, records),
    encodingAssumed: part.format === 'csv' && encoding === 'windows-1252',
    short: records?.short ?? 0,
  };
}

async function writeRanges(writer: FileHandle, ranges: readonly Buffer[]): Promise<void> {
  let block: Buffer[] = [];
  let bytes = 0;
  for (const [index, range] of ranges.entries()) {
    block.push(range);
    bytes += range.length;
    if (bytes < BLOCK_BYTES && index < ranges.length - 1) continue;
    await writer.writeFile(block.length === 1 ? range : Buffer.concat(block, bytes));
    block = [];
    bytes = 0;
  }
}

/** A table's own header says how many cells a record has; what Customer Insights writes may lack columns that were added meanwhile. */
function recordsOf(described: DescribedCsv | null, keep: (range: Buffer) => void): RecordScanner {
  if (described === null) return new RecordScanner('header', keep);
  const { columns, reading } = described;
  return new RecordScanner(reading.hasHeader ? 'header' : columns.length, keep, { dialect: reading.dialect, fillsShort: true });
}

async function* counted(chunks: AsyncIterable<Buffer>, onText: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    onText(chunk.length);
    yield chunk;
  }
}

function csvCopy(part: PartSource, { header, rows }: RecordScanner): CopyOf {
  const { described, what } = part;
  const culture = described?.reading.culture ?? null;
  if (described !== null && !described.reading.hasHeader) return { format: 'csv', columns: described.columns, culture };
  if (header === null && rows > 0) throw new AppError('snapshot_unreadable', `The header line of ${what} cannot be read`);
  if (header !== null && header.length > COLUMNS_MAX)
    throw new AppError('snapshot_unreadable', `The header line of ${what} names more than ${COLUMNS_MAX} columns`);
  return { format: 'csv', columns: headedColumns(header ?? [], described?.columns ?? []), culture };
}

/** A header tells which columns there are; where it names none of the described ones, its names are titles, and their order holds. */
function headedColumns(header: readonly string[], described: readonly CdmColumn[]): CdmColumn[] {
  const types = new Map(described.map((column) => [column.name, column]));
  const names = described.length === 0 || header.some((name) => types.has(name));
  return header.map((name, place): CdmColumn => {
    const column = names ? types.get(name) : described[place];
    return column ?? { name: names ? name : '', dataType: undefined };
  });
}

function assertRowsAnnounced({ partition, what }: PartSource, rows: number): void {
  if (rows > partition.rows) {
    throw new AppError('snapshot_count_mismatch', `${what} has more than the ${partition.rows} records that the event says`);
  }
}
