import { jsonWithoutNulSql, sqlText, withoutNulSql, type PropertyType } from '../../domain/klaviyo-profile';
import { dateSql, int96Sql, intervalSql, timeSql, timestampSql, type Digits } from './instant-sql';
import type { Handing, ParquetNode } from './parquet-footer';
import { thriftTypes } from './thrift-compact';

// What a column of a Parquet file holds, by the file's own schema, and how it becomes text or JSON without becoming another value.

/** In the JSON text of a value: a text in it is not UTF-8, so the row cannot be read. Such characters never stand in JSON as they are. */
export const NO_TEXT = 'chr(1)';
/** In the JSON text of a value: something in it cannot be written. */
export const NO_VALUE = 'chr(2)';

/** A value of one kind. In SQL, of an expression that is not NULL. */
export interface ParquetValue {
  /** As DuckDB must call the type; where it does not, it has another view of the file than we have. */
  duckType: string;
  type: PropertyType;
  /** As JSON text; with NO_TEXT or NO_VALUE in it where that cannot be. */
  json(expression: string): string;
  /** As text, where it is not the text of its JSON. */
  text?(expression: string): string;
}

const LogicalIds = {
  string: 1,
  map: 2,
  list: 3,
  enum: 4,
  decimal: 5,
  date: 6,
  time: 7,
  timestamp: 8,
  integer: 10,
  unknown: 11,
  json: 12,
  uuid: 14,
  float16: 15,
} as const;
const logicalNames = new Map<number, string>(Object.entries(LogicalIds).map(([name, id]) => [id, name]));

/** The older annotations by number; those of integers by width. */
const convertedNames = new Map<number, string>([
  [0, 'string'],
  [1, 'map'],
  [2, 'map'],
  [3, 'list'],
  [4, 'enum'],
  [5, 'decimal'],
  [6, 'date'],
  [7, 'time'],
  [8, 'time'],
  [9, 'timestamp'],
  [10, 'timestamp'],
  ...Array.from({ length: 8 }, (_, at): [number, string] => [11 + at, 'integer']),
  [19, 'json'],
  [20, 'bson'],
  [21, 'interval'],
]);

/** The newer annotation where there is one; `none` without any. One that is younger than this file is `other`. */
function annotationOf({ logical, converted }: ParquetNode): string {
  if (logical !== null) return logicalNames.get(logical.id) ?? 'other';
  return converted === null ? 'none' : (convertedNames.get(converted) ?? 'other');
}

const DECIMAL_DIGITS_MAX = 38;

/** DuckDB has all digits of integers, decimals, floating numbers and UUIDs. The rest is ours to read. */
export function handingOf(leaf: ParquetNode): Handing {
  const kept = ['integer', 'decimal', 'uuid', 'float16'].includes(annotationOf(leaf)) && valueOf(leaf) !== null;
  return kept ? 'as_annotated' : 'as_stored';
}

/** null where the column's values cannot be given exactly. */
export function valueOf(node: ParquetNode): ParquetValue | null {
  if (node.repetition === 'repeated') return listOf(single(node));
  return single(node);
}

function single(node: ParquetNode): ParquetValue | null {
  return node.physical === null ? groupOf(node) : leafOf(node);
}

function leafOf(leaf: ParquetNode): ParquetValue | null {
  const { physical, length } = leaf;
  const isBytes = physical === 'BYTE_ARRAY' || physical === 'FIXED_LEN_BYTE_ARRAY';
  switch (annotationOf(leaf)) {
    case 'none':
    // Nothing but nulls.
    case 'unknown':
      return plainOf(leaf);
    case 'string':
    case 'enum':
      return isBytes ? textValue : null;
    case 'json':
      return isBytes ? jsonValue : null;
    case 'integer':
      return integerOf(leaf);
    case 'decimal':
      return decimalOf(leaf);
    case 'date':
      return physical === 'INT32' ? written('INTEGER', dateSql) : null;
    case 'time':
      return clockOf(leaf, timeSql);
    case 'timestamp':
      return clockOf(leaf, timestampSql);
    case 'uuid':
      return physical === 'FIXED_LEN_BYTE_ARRAY' && length === 16 ? written('UUID', (value) => `${value}::VARCHAR`) : null;
    case 'float16':
      return physical === 'FIXED_LEN_BYTE_ARRAY' && length === 2 ? floating('FLOAT') : null;
    case 'interval':
      return physical === 'FIXED_LEN_BYTE_ARRAY' && length === 12 ? written('BLOB', intervalSql) : null;
    default:
      return null;
  }
}

function plainOf({ physical }: ParquetNode): ParquetValue | null {
  switch (physical) {
    case 'BOOLEAN':
      return { duckType: 'BOOLEAN', type: 'boolean', json: asText };
    case 'INT32':
      return digits('INTEGER');
    case 'INT64':
      return digits('BIGINT');
    case 'INT96':
      return written('BLOB', int96Sql);
    case 'FLOAT':
    case 'DOUBLE':
      return floating(physical);
    case 'BYTE_ARRAY':
    case 'FIXED_LEN_BYTE_ARRAY':
      // Text by the habit of some who write Parquet. What is not that is no value, and no reason to give the row up.
      return written('BLOB', (value) => `TRY(decode(${value}))`);
    case null:
      return null;
  }
}

const asText = (value: string): string => `${value}::VARCHAR`;
const digits = (duckType: string): ParquetValue => ({ duckType, type: 'literal', json: asText });

const floating = (duckType: string): ParquetValue => ({
  duckType,
  type: 'number',
  json: (value) => `CASE WHEN isfinite(${value}) THEN ${value}::VARCHAR ELSE ${NO_VALUE} END`,
  text: asText,
});

/** A value that has a text, or, where that is NULL, none. */
function written(duckType: string, textSql: (value: string) => string): ParquetValue {
  const text = (value: string): string => withoutNulSql(textSql(value));
  return { duckType, type: 'json', json: (value) => `coalesce(to_json(${text(value)})::VARCHAR, ${NO_VALUE})`, text };
}

const decoded = (value: string): string => withoutNulSql(`TRY(decode(${value}))`);
const textValue: ParquetValue = {
  duckType: 'BLOB',
  type: 'text',
  json: (value) => `coalesce(to_json(${decoded(value)})::VARCHAR, ${NO_TEXT})`,
  text: decoded,
};
const jsonValue: ParquetValue = {
  duckType: 'BLOB',
  type: 'json',
  // Written anew: as it stands in the file it may hold line ends, which separate the lines of a batch.
  json: (value) => `CASE WHEN TRY(decode(${value})) IS NULL THEN ${NO_TEXT}
    WHEN json_valid(TRY(decode(${value}))) THEN ${jsonWithoutNulSql(`json_extract(TRY(decode(${value})), '$')::VARCHAR`)} ELSE ${NO_VALUE} END`,
  text: (value) => `CASE WHEN json_valid(TRY(decode(${value}))) THEN ${withoutNulSql(`(TRY(decode(${value})) ->> '$')`)} END`,
};

function integerOf({ physical, logical, converted }: ParquetNode): ParquetValue | null {
  const width = logical?.parameters.get(1)?.value[0] ?? 8 * 2 ** (((converted ?? 11) - 11) % 4);
  const isSigned = logical === null ? (converted ?? 11) >= 15 : logical.parameters.get(2)?.type === thriftTypes.true;
  const name = new Map([
    [8, 'TINYINT'],
    [16, 'SMALLINT'],
    [32, 'INTEGER'],
    [64, 'BIGINT'],
  ]).get(width);
  if (name === undefined || physical !== (width === 64 ? 'INT64' : 'INT32')) return null;
  return digits(isSigned ? name : `U${name}`);
}

function decimalOf({ precision, scale }: ParquetNode): ParquetValue | null {
  if (precision <= 0 || precision > DECIMAL_DIGITS_MAX) return null;
  const decimal = digits(`DECIMAL(${precision},${scale})`);
  // Without a digit before the point DuckDB writes none: `-.5000`, which is no JSON.
  const whole = (value: string): string => `regexp_replace(${value}::VARCHAR, '^(-?)[.]', '\\10.')`;
  return scale === precision ? { ...decimal, json: whole } : decimal;
}

/** The older annotations speak of UTC, says the format, although some wrote them for local times. */
function clockOf(leaf: ParquetNode, sql: (value: string, digits: Digits, isUtc: boolean) => string): ParquetValue | null {
  const { physical, logical, converted } = leaf;
  if (physical !== 'INT32' && physical !== 'INT64') return null;
  const digitsOf = (): Digits | undefined => {
    if (logical === null) return converted === 7 || converted === 9 ? 3 : 6;
    // A union of empty structs: behind the field's type stands what is none.
    const unit = logical.parameters.get(2)?.value[0];
    return unit === undefined ? undefined : ([undefined, 3, 6, 9] as const)[unit >> 4];
  };
  const found = digitsOf();
  if (found === undefined) return null;
  const isUtc = logical === null || logical.parameters.get(1)?.type === thriftTypes.true;
  return written(physical === 'INT32' ? 'INTEGER' : 'BIGINT', (value) => sql(value, found, isUtc));
}

function groupOf(group: ParquetNode): ParquetValue | null {
  const [first] = group.children;
  switch (annotationOf(group)) {
    case 'list':
      if (group.children.length !== 1 || first?.repetition !== 'repeated') return null;
      return listOf(first.children.length === 1 && first.children[0] ? valueOf(first.children[0]) : single(first));
    case 'map':
      return first?.repetition === 'repeated' && group.children.length === 1 ? mapOf(first.children) : null;
    case 'none':
      return structOf(group.children);
    default:
      return null;
  }
}

const orNull = (value: ParquetValue, expression: string): string =>
  `CASE WHEN ${expression} IS NULL THEN 'null' ELSE ${value.json(expression)} END`;

let lambdas = 0;
/** Names of their own, because lambdas stand within lambdas. */
function eachOf(list: string, sql: (element: string) => string): string {
  lambdas += 1;
  const element = `element_${lambdas}`;
  return `array_to_string(list_transform(${list}, lambda ${element}: ${sql(element)}), ',')`;
}

function listOf(element: ParquetValue | null): ParquetValue | null {
  if (element === null) return null;
  const json = (list: string): string => `concat('[', ${eachOf(list, (each) => orNull(element, each))}, ']')`;
  return { duckType: `${element.duckType}[]`, type: 'json', json };
}

function structOf(children: readonly ParquetNode[]): ParquetValue | null {
  const members = children.map((child, index) => ({ name: child.name, field: `f${index}`, value: valueOf(child) }));
  const sound = members.flatMap(({ value, ...member }) => (value === null ? [] : [{ ...member, value }]));
  if (sound.length === 0 || sound.length < members.length) return null;
  const json = (struct: string): string => {
    const pieces = sound.map(({ name, field, value }, index) => {
      const start = sqlText(`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`);
      return `${start}, ${orNull(value, `struct_extract(${struct}, '${field}')`)}`;
    });
    return `concat(${pieces.join(', ')}, '}')`;
  };
  return { duckType: `STRUCT(${sound.map(({ field, value }) => `${field} ${value.duckType}`).join(', ')})`, type: 'json', json };
}

function mapOf(children: readonly ParquetNode[]): ParquetValue | null {
  const [key, value] = children.map(valueOf);
  if (children.length !== 2 || !key || !value || /[[(]/.test(key.duckType.replace(/^DECIMAL\(.*\)$/, ''))) return null;
  const name = (entry: string): string => {
    const json = key.json(`struct_extract(${entry}, 'key')`);
    return key.type === 'text' || key.type === 'json' ? json : `concat('"', ${json}, '"')`;
  };
  const json = (map: string): string => {
    const member = (entry: string): string =>
      `concat(${name(entry)}, ':', ${orNull(value, `struct_extract(${entry}, 'value')`)})`;
    return `concat('{', ${eachOf(`map_entries(${map})`, member)}, '}')`;
  };
  return { duckType: `MAP(${key.duckType}, ${value.duckType})`, type: 'json', json };
}
