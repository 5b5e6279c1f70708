import { AppError } from '@courier/kernel';
import type { LockedDuckDb } from '../locked-duckdb';
import { meaningOf, narrowFooter, readFooter, type ParquetNode } from '../parquet/parquet-footer';
import { handingOf, NO_TEXT, NO_VALUE, valueOf, type ParquetValue } from '../parquet/parquet-values';
import { DamagedFooterError } from '../parquet/thrift-compact';
import { jsonOf, rawOf, type PartReader } from './part-reader';

export interface ParquetPart {
  reader: PartReader;
  /** As its own footer says. */
  rows: number;
}

export interface ParquetCopy {
  /** The private copy. Its footer is written anew. */
  path: string;
  /** The same as an SQL literal. */
  file: string;
  /** For people. */
  what: string;
}

/** `wanted`: the names that a mapping asks for. Throws `snapshot_unreadable`. */
export async function parquetPart(database: LockedDuckDb, copy: ParquetCopy, wanted: readonly string[]): Promise<ParquetPart> {
  try {
    const { rows, columns } = await readFooter(copy.path);
    const places = placesOf(columns, wanted);
    // Rows are there even where nothing of them is asked for.
    await narrowFooter(copy.path, places.length > 0 ? places : [0], handingOf);
    const described = await database.read('describe Parquet', `DESCRIBE SELECT * FROM ${sourceSql(`[${copy.file}]`)}`);
    const duckTypes = described.getRows().map(([, type]) => String(type));
    const kept = places.flatMap((place, index): ParquetColumn[] => {
      const column = columns[place];
      if (column === undefined) return [];
      const value = valueOf(column);
      const duckType = duckTypes[index] ?? '';
      const isExact = value?.duckType === duckType;
      return [{ name: column.name, duckType, meaning: meaningOf(column), value: isExact ? value : null }];
    });
    return { reader: parquetReader(kept), rows };
  } catch (error) {
    if (!(error instanceof DamagedFooterError)) throw error;
    throw new AppError('snapshot_unreadable', `${copy.what} is no Parquet that can be read: ${error.message}`);
  }
}

interface ParquetColumn {
  name: string;
  duckType: string;
  /** As the file's own schema has it. */
  meaning: string;
  /** null where it cannot be given exactly. */
  value: ParquetValue | null;
}

/** Of several columns with the very same name the first. */
function placesOf(columns: readonly ParquetNode[], wanted: readonly string[]): number[] {
  const places = wanted.map((name) => columns.findIndex((column) => column.name === name));
  return places.filter((place) => place >= 0).sort((a, b) => a - b);
}

/** Folders like `day=1` on the way to the file are no columns of it. */
const sourceSql = (files: string): string => `read_parquet(${files}, hive_partitioning = false)`;

function parquetReader(columns: readonly ParquetColumn[]): PartReader {
  const sound = columns.flatMap(({ name, value }, place) => (value === null ? [] : [{ name, value, place }]));
  return {
    // Not of the values, which are functions: parts that mean other things by the same types would have the same key.
    key: `parquet ${JSON.stringify(columns.map(({ duckType, meaning }) => [duckType, meaning]))}`,
    columns: new Map(sound.map(({ name, value }) => [name, value.type])),
    unsupported: columns.filter(({ value }) => value === null).map(({ name }) => name),
    source: sourceSql,
    select: (used, files) => {
      const readings = used.flatMap((name, index) => {
        const found = sound.find((column) => column.name === name);
        return found === undefined ? [] : [readingOf(found.value, `c${found.place}`, index)];
      });
      const broken = readings.flatMap(({ broken }) => (broken === null ? [] : [broken]));
      const written = [
        `greatest(${['false', 'false', ...broken].join(', ')}) AS broken`,
        ...readings.flatMap(({ outer }) => outer),
      ];
      // Two steps, because SQL evaluates an expression as often as it is written.
      const inner = readings.flatMap((reading) => reading.inner);
      return `SELECT ${written.join(', ')} FROM (SELECT ${['1 AS one', ...inner].join(', ')} FROM ${sourceSql(files)})`;
    },
  };
}

/** Where there is a value that cannot be written, its JSON is NULL and its text this: there, but nothing that could be sent. */
const UNWRITABLE = "'?'";

function readingOf({ type, json, text }: ParquetValue, column: string, index: number) {
  const orNone = (sql: string): string => `CASE WHEN ${column} IS NOT NULL THEN ${sql} END`;
  const [raw, as] = [rawOf(index), jsonOf(index)];
  if (type === 'text' && text !== undefined) {
    const inner = [`${column} IS NULL AS none_${index}`, `${orNone(text(column))} AS text_${index}`];
    return { inner, outer: [`text_${index} AS ${raw}`], broken: `(NOT none_${index} AND text_${index} IS NULL)` };
  }
  if (type !== 'json')
    return { inner: [`${(text ?? json)(column)} AS text_${index}`], outer: [`text_${index} AS ${raw}`], broken: null };
  const value = `value_of_${index}`;
  const unwritable = `contains(${value}, ${NO_VALUE})`;
  const inner = [`${orNone(json(column))} AS ${value}`, ...(text ? [`${orNone(text(column))} AS text_${index}`] : [])];
  const outer = [
    `CASE WHEN ${unwritable} THEN ${UNWRITABLE} ELSE ${text ? `text_${index}` : value} END AS ${raw}`,
    `CASE WHEN NOT ${unwritable} THEN ${value} END AS ${as}`,
  ];
  return { inner, outer, broken: `coalesce(contains(${value}, ${NO_TEXT}), false)` };
}
