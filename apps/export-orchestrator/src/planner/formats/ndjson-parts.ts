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
      const values = used.flatMap((_, index) => [
        `${withoutNulSql(`struct_extract_at(texts, ${index + 1})`)} AS ${rawOf(index)}`,
        `${jsonWithoutNulSql(`struct_extract_at(jsons, ${index + 1})::VARCHAR`)} AS ${jsonOf(index)}`,
      ]);
      // All names in two calls: each parses the line. Looking for names one by one would take their square.
      return `SELECT ${['json IS NULL AS broken', ...values].join(', ')} FROM (
        SELECT json, json_transform(json, ${structure(used, 'VARCHAR')}) AS texts, json_transform(json, ${structure(used, 'JSON')}) AS jsons
        FROM ${readSql(files)})`;
    },
  };
}

/** What is no JSON becomes NULL, in its place. */
export const readSql = (files: string): string => `read_ndjson_objects(${files}, ignore_errors = true)`;

/** Fields are taken out by their place: names that differ in case only are one name to DuckDB. */
const structure = (names: readonly string[], type: string): string =>
  sqlText(`{${names.map((name) => `${JSON.stringify(name)}:"${type}"`).join(',')}}`);

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
  const [records] = await database.numbers(
    'look for records',
    `SELECT count(*) FROM (FROM ${source} WHERE json IS NOT NULL LIMIT 1)`,
  );
  if (records === 0) return null;
  const places = names.map((name, index) => `(${index}, ${sqlText(name)})`).join(', ');
  const found = await database.read(
    'look for keys',
    `SELECT DISTINCT place FROM (SELECT DISTINCT unnest(json_keys(json)) AS key FROM ${source})
     JOIN (VALUES ${places}) AS names(place, name) ON name = key`,
  );
  const occurs = new Set(found.getRows().map(([place]) => Number(place)));
  return names.filter((_, index) => occurs.has(index));
}
