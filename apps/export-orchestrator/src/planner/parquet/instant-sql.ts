// ISO 8601 texts of the numbers that a Parquet file holds, in SQL. NULL where the moment is in no year from 0001 to 9999, which ISO 8601
// cannot write in four digits.

const FIRST_SECOND = -62_135_596_800n;
const LAST_SECOND = 253_402_300_799n;
const DAY_SECONDS = 86_400n;
/** Below what 64 bits hold, by a second of nanoseconds: room for rounding down. */
const LEAST = -(2n ** 63n) + 1_000_000_000n;
const MOST = 2n ** 63n - 1n;
const JULIAN_DAY_OF_1970 = 2_440_588;

/** Fractions of a second that one unit is: 3 of milliseconds, 6, 9. */
export type Digits = 3 | 6 | 9;

/** `value` counts units since 1970. */
export function timestampSql(value: string, digits: Digits, isUtc: boolean): string {
  const unit = 10n ** BigInt(digits);
  const from = FIRST_SECOND * unit < LEAST ? LEAST : FIRST_SECOND * unit;
  const to = (LAST_SECOND + 1n) * unit > MOST ? MOST : (LAST_SECOND + 1n) * unit - 1n;
  const fraction = `((${value}::BIGINT % ${unit} + ${unit}) % ${unit})`;
  const text = `replace(make_timestamp((${value}::BIGINT - ${fraction}) // ${unit} * 1000000)::VARCHAR, ' ', 'T')`;
  return `CASE WHEN ${value} BETWEEN ${from} AND ${to} THEN ${text} || ${fractionSql(fraction, digits)}${zone(isUtc)} END`;
}

/** `value` counts units since midnight. */
export function timeSql(value: string, digits: Digits, isUtc: boolean): string {
  const unit = 10n ** BigInt(digits);
  const text = `substr(make_timestamp(${value}::BIGINT // ${unit} * 1000000)::VARCHAR, 12)`;
  const fraction = fractionSql(`${value}::BIGINT % ${unit}`, digits);
  return `CASE WHEN ${value} BETWEEN 0 AND ${DAY_SECONDS * unit - 1n} THEN ${text} || ${fraction}${zone(isUtc)} END`;
}

/** `value` counts days since 1970. */
export function dateSql(value: string): string {
  const [from, to] = [FIRST_SECOND / DAY_SECONDS, LAST_SECOND / DAY_SECONDS];
  return `CASE WHEN ${value} BETWEEN ${from} AND ${to} THEN (DATE '1970-01-01' + ${value}::INTEGER)::VARCHAR END`;
}

/** Twelve bytes, the least significant first: nanoseconds of the day, then the Julian day. Instants, by the habit of all who write them. */
export function int96Sql(bytes: string): string {
  const nanos = littleEndianSql(bytes, 0, 8);
  const days = `(${littleEndianSql(bytes, 8, 4)}::BIGINT - ${JULIAN_DAY_OF_1970})`;
  const seconds = `(${days} * ${DAY_SECONDS} + (${nanos} // 1000000000)::BIGINT)`;
  const text = `replace(make_timestamp(${seconds} * 1000000)::VARCHAR, ' ', 'T')`;
  return `CASE WHEN ${nanos} < ${DAY_SECONDS * 1_000_000_000n} AND ${seconds} BETWEEN ${FIRST_SECOND} AND ${LAST_SECOND}
    THEN ${text} || ${fractionSql(`${nanos} % 1000000000`, 9)} || 'Z' END`;
}

/** Twelve bytes: months, days and milliseconds of four each, the least significant first; none of them is another's multiple. */
export function intervalSql(bytes: string): string {
  const [months, days, millis] = [0, 4, 8].map((from) => littleEndianSql(bytes, from, 4));
  return `concat('P', ${months}, 'M', ${days}, 'DT', ${millis} // 1000, ${fractionSql(`${millis} % 1000`, 3)}, 'S')`;
}

const zone = (isUtc: boolean): string => (isUtc ? " || 'Z'" : '');

const fractionSql = (fraction: string, digits: Digits): string =>
  `CASE WHEN ${fraction} = 0 THEN '' ELSE '.' || rtrim(lpad((${fraction})::VARCHAR, ${digits}, '0'), '0') END`;

function littleEndianSql(bytes: string, from: number, count: number): string {
  const pairs = Array.from({ length: count }, (_, at) => `substr(hex(${bytes}), ${(from + count - 1 - at) * 2 + 1}, 2)`);
  return `concat('0x', ${pairs.join(', ')})::UBIGINT`;
}
