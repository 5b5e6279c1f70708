import type { PropertyType } from '../../domain/klaviyo-profile';
import type { LockedDuckDb } from '../locked-duckdb';
import { jsonOf, rawOf, type PartReader } from './part-reader';

export interface ParquetPart {
  reader: PartReader;
  /** As its own footer says. */
  rows: number;
}

/** `file` is a literal. */
export async function parquetPart(database: LockedDuckDb, file: string): Promise<ParquetPart> {
  const [rows = 0] = await database.numbers('count Parquet rows', `SELECT num_rows FROM parquet_file_metadata(${file})`);
  const described = await database.read('describe Parquet', `DESCRIBE SELECT * FROM read_parquet([${file}])`);
  const columns = described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
  return { reader: parquetReader(columns), rows };
}

interface ParquetColumn {
  name: string;
  /** As DuckDB names it. */
  type: string;
}

function parquetReader(columns: readonly ParquetColumn[]): PartReader {
  const places = new Map(columns.map(({ name }, place) => [name, place]));
  const types = columns.map(({ name, type }): [string, PropertyType] => [name, propertyTypeOf(type)]);
  return {
    key: `parquet ${JSON.stringify(columns)}`,
    columns: new Map(types),
    source: (files) => `read_parquet(${files})`,
    select: (used, files) => {
      const values = used.flatMap((name, index) => {
        const place = places.get(name) ?? 0;
        const { raw, json } = readingOf(columns[place]?.type ?? '', `c${place}`);
        return [`${raw} AS ${rawOf(index)}`, ...(json === null ? [] : [`${json} AS ${jsonOf(index)}`])];
      });
      const names = columns.map((_, place) => `c${place}`).join(', ');
      return `SELECT ${['false AS broken', ...values].join(', ')} FROM read_parquet(${files}) AS source(${names})`;
    },
  };
}

const LITERAL = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL\(.*\))$/;
const NESTED = /(\[\d*\]$|^(STRUCT|MAP|UNION)\()/;

/** Numbers keep all their digits, but for floating ones; those of more than 19 digits are floating in Parquet itself. */
function propertyTypeOf(type: string): PropertyType {
  if (NESTED.test(type) || type === 'JSON') return 'json';
  if (LITERAL.test(type)) return 'literal';
  if (type === 'FLOAT' || type === 'DOUBLE') return 'number';
  return type === 'BOOLEAN' ? 'boolean' : 'text';
}

/** Times in the form that Klaviyo takes for dates: ISO 8601, in UTC where the file says that they are moments. */
function readingOf(type: string, column: string): { raw: string; json: string | null } {
  if (NESTED.test(type)) {
    const json = `CASE WHEN ${column} IS NOT NULL THEN to_json(${column})::VARCHAR END`;
    return { raw: json, json };
  }
  switch (type) {
    case 'JSON':
      return {
        raw: `CASE WHEN json_valid(${column}) THEN ${column} ->> '$' ELSE ${column}::VARCHAR END`,
        // Written anew: as it stands in the file it may hold line ends, which separate the lines of a batch.
        json: `CASE WHEN json_valid(${column}) THEN json_extract(${column}, '$')::VARCHAR END`,
      };
    case 'TIMESTAMP':
    case 'TIMESTAMP_S':
    case 'TIMESTAMP_MS':
    case 'TIMESTAMP_NS':
      return { raw: `replace(${column}::VARCHAR, ' ', 'T')`, json: null };
    case 'TIMESTAMP WITH TIME ZONE':
      return { raw: `TRY(replace(make_timestamp(epoch_us(${column}))::VARCHAR, ' ', 'T') || 'Z')`, json: null };
    case 'BLOB':
      return { raw: `TRY(decode(${column}))`, json: null };
    case 'VARCHAR':
      return { raw: column, json: null };
    default:
      return { raw: `${column}::VARCHAR`, json: null };
  }
}
