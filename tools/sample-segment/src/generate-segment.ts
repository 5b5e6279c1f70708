import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { csvHeader, csvRecord, unreadableRecord } from './csv';
import { disguise, emailFlaws } from './flawed-email';
import { jsonLine, unreadableLine } from './json-line';
import { cdmManifest } from './manifest';
import { randomIntegers } from './mixer';
import { PartWriter, type GeneratedPart } from './part-writer';
import { emailOf, rowOf } from './person';
import { assertPossible, type SegmentFormat, type StoredAs, type TextEncoding } from './stored-as';
import type { SegmentRow } from './columns';

export const invalidReasons = [
  'email_missing',
  'email_malformed',
  'email_too_long',
  'line_unreadable',
  'profile_too_large',
] as const;
export type InvalidReason = (typeof invalidReasons)[number];

export interface SegmentOptions {
  /** Default: `cdm-csv`, Customer Insights' own folder. */
  format?: SegmentFormat;
  /** Of the text formats. Default: UTF-8 without a byte order mark. */
  encoding?: TextEncoding;
  gzip?: boolean;
  /** Where `model.json` and the parts go; made where it does not exist. */
  dir: string;
  entity: string;
  /** People with a valid e-mail, each once. */
  people: number;
  /** Further rows of people that came before, in other case and spacing. Default: 5 % of the people. */
  duplicates?: number;
  /** Rows that are no profile, by reason. Default: a few of each; Parquet has no lines that could be unreadable. */
  invalid?: Partial<Record<InvalidReason, number>>;
  /** Default 1. */
  partitions?: number;
  /** The same options give the same bytes; another seed gives other people. Default 1. */
  seed?: number;
  /** What model.json says about its age. */
  modifiedTime?: string;
}

export interface GeneratedSegment {
  readonly dir: string;
  readonly entity: string;
  readonly format: SegmentFormat;
  readonly compression: 'none' | 'gzip';
  /** Written for `cdm-csv` only. */
  readonly manifestPath: string;
  readonly manifestUri: string;
  readonly partitions: readonly GeneratedPart[];
  /** The figures that an export of this folder must come to. */
  readonly expected: ExpectedFigures;
  /** The normalised e-mails that must reach the list, without order. */
  validEmails(): Generator<string>;
}

export interface ExpectedFigures {
  readonly rows: number;
  readonly duplicates: number;
  readonly invalid: number;
  /** Only reasons that occur. */
  readonly invalidReasons: Readonly<Partial<Record<InvalidReason, number>>>;
  readonly distinctValid: number;
}

type RowKind = 'person' | 'duplicate' | InvalidReason;
const kinds: readonly RowKind[] = ['person', 'duplicate', ...invalidReasons];
/** A profile may have 100,000 bytes; this text alone is longer. */
const OVERSIZED_CHARACTERS = 100_001;

/**
 * Writes a folder as Customer Insights exports it (`model.json` names the columns, the CSV parts have no header line), or the same
 * people in another format. Everything follows from the options, so what an export of it must come to is known without reading it
 * back.
 */
export async function generateSegment(options: SegmentOptions): Promise<GeneratedSegment> {
  const { dir, entity, people, partitions = 1, seed = 1, modifiedTime = '2026-01-01T00:00:00.000Z' } = options;
  const storedAs: StoredAs = { format: 'cdm-csv', encoding: 'utf-8', gzip: false, ...chosen(options) };
  assertPossible(storedAs);
  const counts = rowCounts(options);
  const order = shuffledKinds(counts, seed);
  const records = recordsOf(order, { seed, people, shape: shapeOf(storedAs) });
  await mkdir(dir, { recursive: true });

  const parts: GeneratedPart[] = [];
  for (let part = 0; part < partitions; part += 1) {
    const rows = Math.floor(order.length / partitions) + (part < order.length % partitions ? 1 : 0);
    const writer = await PartWriter.create(join(dir, `${entity}_${part + 1}`), storedAs);
    if (storedAs.format === 'csv') writer.addHeader(csvHeader());
    for (let row = 0; row < rows; row += 1) {
      const wait = writer.add(records.next().value as string | Buffer);
      if (wait) await wait;
    }
    parts.push(await writer.finish());
  }

  const manifestPath = join(dir, 'model.json');
  if (storedAs.format === 'cdm-csv') await writeFile(manifestPath, cdmManifest(entity, parts, modifiedTime));
  return {
    dir,
    entity,
    format: storedAs.format,
    compression: storedAs.gzip ? 'gzip' : 'none',
    manifestPath,
    manifestUri: pathToFileURL(manifestPath).href,
    partitions: parts,
    expected: expectedFigures(counts),
    *validEmails() {
      for (let person = 0; person < people; person += 1) yield emailOf(seed, person);
    },
  };
}

function chosen({ format, encoding, gzip }: SegmentOptions): Partial<StoredAs> {
  return { ...(format && { format }), ...(encoding && { encoding }), ...(gzip !== undefined && { gzip }) };
}

/** How a row of a format is written. */
interface RecordShape {
  record(row: SegmentRow): string;
  unreadable(row: SegmentRow, choice: number): string | Buffer;
}

function shapeOf({ format, encoding }: StoredAs): RecordShape {
  const byBytes = encoding === 'utf-8' || encoding === 'utf-8-bom';
  if (format === 'csv' || format === 'cdm-csv')
    return { record: csvRecord, unreadable: (row, choice) => unreadableRecord(row, choice, byBytes) };
  return { record: jsonLine, unreadable: (row, choice) => unreadableLine(row, choice, byBytes) };
}

function rowCounts({ people, duplicates, invalid, format }: SegmentOptions): Record<RowKind, number> {
  const few = {
    email_missing: Math.floor(people / 100),
    email_malformed: Math.floor(people / 100),
    email_too_long: Math.floor(people / 500),
    line_unreadable: format === 'parquet' ? 0 : Math.floor(people / 500),
    profile_too_large: people < 1_000 ? 0 : 2,
  };
  const none = Object.fromEntries(invalidReasons.map((reason) => [reason, 0])) as Record<InvalidReason, number>;
  const wanted = invalid ? { ...none, ...invalid } : few;
  if (format === 'parquet' && wanted.line_unreadable > 0) throw new Error('Parquet has no lines that could be unreadable');
  return { person: people, duplicate: people === 0 ? 0 : (duplicates ?? Math.floor(people / 20)), ...wanted };
}

function expectedFigures(counts: Record<RowKind, number>): ExpectedFigures {
  const reasons = invalidReasons.filter((reason) => counts[reason] > 0).map((reason) => [reason, counts[reason]] as const);
  const invalid = reasons.reduce((sum, [, count]) => sum + count, 0);
  return {
    rows: counts.person + counts.duplicate + invalid,
    duplicates: counts.duplicate,
    invalid,
    invalidReasons: Object.fromEntries(reasons),
    distinctValid: counts.person,
  };
}

/** What each row is, as an index into `kinds`. The first row is a person, so that every duplicate has somebody before it. */
function shuffledKinds(counts: Record<RowKind, number>, seed: number): Uint8Array {
  const order = new Uint8Array(kinds.reduce((sum, kind) => sum + counts[kind], 0));
  let filled = 0;
  kinds.forEach((kind, index) => {
    order.fill(index, filled, filled + counts[kind]);
    filled += counts[kind];
  });
  const random = randomIntegers(seed);
  const firstMovable = counts.person > 0 ? 1 : 0;
  for (let last = order.length - 1; last > firstMovable; last -= 1) {
    const chosen = firstMovable + random(last - firstMovable + 1);
    [order[last], order[chosen]] = [order[chosen] as number, order[last] as number];
  }
  return order;
}

interface Writing {
  seed: number;
  people: number;
  shape: RecordShape;
}

function* recordsOf(order: Uint8Array, { seed, people, shape }: Writing): Generator<string | Buffer> {
  const random = randomIntegers(seed + 1);
  let seen = 0;
  let flawed = people;
  for (const index of order) {
    const kind = kinds[index] as RowKind;
    if (kind === 'person') {
      yield shape.record(rowOf(seed, seen));
      seen += 1;
    } else if (kind === 'duplicate') {
      const person = random(seen);
      // The other values differ, so that it shows when a later row wins over the first.
      const Email = disguise(emailOf(seed, person), random(1_000));
      yield shape.record({ ...rowOf(seed, person), Email, FirstName: 'Later' });
    } else {
      yield flawedRecord(kind, rowOf(seed, flawed), { number: flawed, shape });
      flawed += 1;
    }
  }
}

function flawedRecord(
  reason: InvalidReason,
  row: SegmentRow,
  { number, shape }: { number: number; shape: RecordShape },
): string | Buffer {
  if (reason === 'line_unreadable') return shape.unreadable(row, number);
  if (reason === 'profile_too_large') return shape.record({ ...row, Notes: 'x'.repeat(OVERSIZED_CHARACTERS) });
  return shape.record({ ...row, Email: emailFlaws[reason](`flawed${number.toString(36)}`, number) });
}
