import { jsonWithoutNulSql, sqlText, withoutNulSql } from '../../domain/klaviyo-profile';
import type { LockedDuckDb } from '../locked-duckdb';
import { jsonOf, rawOf, type PartReader } from './part-reader';

const SAMPLE_ROWS = 2_048;

/** A part of which the line scanner left what may be objects. `wanted`: the names that a mapping asks for. */
export async function ndjsonReader(database: LockedDuckDb, file: string, wanted: readonly string[]): Promise<PartReader> {
  const found = await keysOf(database, `[${file}]`, wanted);
  return {
    key: `ndjson ${JSON.stringify(found)}`,
    columns: found === null ? null : new Map(found.map((name) => [name, 'json'])),
    source: readSql,
    select: (used, files) => {
      const paths = `[${used.map(pointer).join(', ')}]`;
      const values = used.flatMap((_, index) => [
        `${withoutNulSql(`texts[${index + 1}]`)} AS ${rawOf(index)}`,
        `${jsonWithoutNulSql(`jsons[${index + 1}]::VARCHAR`)} AS ${jsonOf(index)}`,
      ]);
      // All names in two calls: each call parses the line.
      return `SELECT ${['json IS NULL AS broken', ...values].join(', ')} FROM (
        SELECT json, json_extract_string(json, ${paths}) AS texts, json_extract(json, ${paths}) AS jsons FROM ${readSql(files)})`;
    },
  };
}

/** What is no JSON becomes NULL, in its place. */
export const readSql = (files: string): string => `read_ndjson_objects(${files}, ignore_errors = true)`;

/** A JSON pointer, which has no wildcards and needs no quotation marks. */
const pointer = (name: string): string => sqlText(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);

/** Which of the names occur as a key of any line; null where no line is an object. */
async function keysOf(database: LockedDuckDb, files: string, wanted: readonly string[]): Promise<string[] | null> {
  // Most names are in the first lines. Only for those that are not, all lines are read.
  const sampled = await occurring(database, `(SELECT json FROM ${readSql(files)} LIMIT ${SAMPLE_ROWS})`, wanted);
  const others = wanted.filter((name) => !sampled?.includes(name));
  if (others.length === 0) return [...wanted];
  const late = await occurring(database, readSql(files), others);
  return late === null ? null : wanted.filter((name) => sampled?.includes(name) || late.includes(name));
}

async function occurring(database: LockedDuckDb, source: string, names: readonly string[]): Promise<string[] | null> {
  const counts = names.map((_, index) => `count(found[${index + 1}])`).join(', ');
  const [objects, ...occurrences] = await database.numbers(
    'look for keys',
    `SELECT count(json), ${counts} FROM (SELECT json, json_extract(json, [${names.map(pointer).join(', ')}]) AS found FROM ${source})`,
  );
  return objects === 0 ? null : names.filter((_, index) => (occurrences[index] ?? 0) > 0);
}
