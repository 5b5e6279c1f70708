import { setImmediate } from 'node:timers/promises';
import type { Mapping } from '@courier/contracts';
import { AppError } from '@courier/kernel';
import { mappedFields, needsTrimming, type BoundField } from '../domain/klaviyo-profile';
import { causeOf } from './failed-queries';
import type { VerifiedPart, VerifiedSnapshot } from './fetch-snapshots';
import { CsvReaders } from './formats/csv-parts';
import { ndjsonReader, readSql } from './formats/ndjson-parts';
import { parquetPart } from './formats/parquet-parts';
import { jsonOf, rawOf, type PartReader } from './formats/part-reader';
import type { LockedDuckDb } from './locked-duckdb';

// Which column of a part fills which field. Parts of one snapshot may differ in the order, the types and the presence of columns.

export interface BoundPart {
  part: VerifiedPart;
  reader: PartReader;
}

export interface BoundColumns {
  /** Names of the columns that are read; the n-th is `raw_n`. */
  used: string[];
  /** SQL names of the e-mail's text and of what is trimmed of it. */
  email: { raw: string; trimmed: string };
  fields: BoundField[];
  /** SQL names: the texts of which trimmed ones are wanted. */
  trimmed: { raw: string; trimmed: string }[];
}

/** Mapped columns that a snapshot, or a part of it, does not have, and that it has in a type that cannot be given exactly; once for each. */
export interface LackingColumns {
  missing: string[];
  unsupported: string[];
}

/** Opens the parts of a snapshot. */
export async function bindSnapshot(
  database: LockedDuckDb,
  mapping: Mapping,
  snapshot: VerifiedSnapshot,
): Promise<{ parts: BoundPart[]; lacking: LackingColumns }> {
  const wanted = [...new Set([mapping.email, ...mappedFields(mapping).map(({ column }) => column)])];
  const parts: BoundPart[] = [];
  const csv = new CsvReaders();
  for (const part of snapshot.parts) {
    parts.push({ part, reader: await openPart(part, { database, csv, wanted }) });
    // Thousands of wide parts take their time, and a child that tells nothing meanwhile counts as hung.
    await setImmediate();
  }
  const told = parts.flatMap(({ reader }) => (reader.columns === null ? [] : [reader.columns]));
  if (parts.some(({ reader }) => reader.unsupported?.includes(mapping.email))) {
    throw new AppError(
      'not_supported',
      `Column "${mapping.email}" of segment ${snapshot.segmentId} has a type that holds no e-mail`,
    );
  }
  if (told.length > 0 && told.every((columns) => !columns.has(mapping.email))) {
    throw new AppError('email_column_missing', `The snapshot of segment ${snapshot.segmentId} has no column "${mapping.email}"`);
  }
  const isUnsupported = ({ unsupported = [] }: PartReader, name: string): boolean => unsupported.includes(name);
  const isMissing = (reader: PartReader, name: string): boolean =>
    reader.columns !== null && !reader.columns.has(name) && !isUnsupported(reader, name);
  const lacking = (lacks: (reader: PartReader, name: string) => boolean): string[] =>
    wanted.filter((name) => parts.some(({ reader }) => lacks(reader, name)));
  return { parts, lacking: { missing: lacking(isMissing), unsupported: lacking(isUnsupported) } };
}

interface Opening {
  database: LockedDuckDb;
  csv: CsvReaders;
  wanted: readonly string[];
}

async function openPart(part: VerifiedPart, { database, csv, wanted }: Opening): Promise<PartReader> {
  const { copy, rows, unreadable } = part;
  const file = database.file(part.file);
  if (copy.format === 'csv') return csv.of(copy);
  try {
    if (copy.format === 'ndjson') {
      // DuckDB refuses a file without a line.
      return rows === unreadable.length ? csv.of({ columns: [], culture: null }) : await ndjsonReader(database, file, wanted);
    }
    const parquet = await parquetPart(
      database,
      { path: database.path(part.file), file, what: `${part.name} of segment ${part.segmentId}` },
      wanted,
    );
    if (parquet.rows !== rows) {
      const detail = `${part.name} of segment ${part.segmentId} has ${parquet.rows} rows, the event says ${rows}`;
      throw new AppError('snapshot_count_mismatch', detail);
    }
    return parquet.reader;
  } catch (error) {
    const source = copy.format === 'ndjson' ? readSql(`[${file}]`) : `read_parquet([${file}])`;
    throw await causeOf(error, database, { source, parts: [part] });
  }
}

/** What of a mapping the parts of one reader can fill. */
export function bindColumns(mapping: Mapping, { columns }: PartReader): BoundColumns {
  const fields = mappedFields(mapping).filter(({ column }) => columns?.has(column));
  const hasEmail = columns?.has(mapping.email) === true;
  const used = [...new Set([...(hasEmail ? [mapping.email] : []), ...fields.map(({ column }) => column)])];
  const rawNamed = (name: string): string => rawOf(used.indexOf(name));
  const bound = fields.map((field, index): BoundField => {
    const raw = rawNamed(field.column);
    const json = jsonOf(used.indexOf(field.column));
    return { ...field, type: columns?.get(field.column) ?? 'text', raw, trimmed: trimmedOf(raw), json, value: `value_${index}` };
  });
  // Where a part has no e-mail, its rows have none.
  const email = hasEmail ? rawNamed(mapping.email) : 'NULL::VARCHAR';
  const emailTrimmed = hasEmail ? trimmedOf(email) : email;
  const trimmed = [...new Set([...(hasEmail ? [email] : []), ...bound.filter(needsTrimming).map(({ raw }) => raw)])];
  return {
    used,
    email: { raw: email, trimmed: emailTrimmed },
    fields: bound,
    trimmed: trimmed.map((raw) => ({ raw, trimmed: trimmedOf(raw) })),
  };
}

const trimmedOf = (raw: string): string => `trimmed_${raw}`;
