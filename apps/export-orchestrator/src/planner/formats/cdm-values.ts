import type { CdmColumn } from '@courier/csv-records';
import { type PropertyType, sqlText, sqlTrimmed } from '../../domain/klaviyo-profile';
import { type Culture, cultureOf } from './culture';

// What a cell of a Customer Insights folder is, by its attribute's `dataType` and the culture that spells it. A number or a date that
// cannot be read as that is no value, so that nothing is sent as another number or day than was meant; the run counts it.

type Kind = 'text' | 'boolean' | 'integer' | 'number' | 'decimal' | 'date';

/** By CDM's names of its formats, in lower case. Times of the day, GUIDs, JSON and what is not known here stay the text that they are. */
const kinds = new Map<string, Kind>([
  ...['byte', 'int16', 'int32', 'int64', 'integer'].map((name): [string, Kind] => [name, 'integer']),
  ...['float', 'double'].map((name): [string, Kind] => [name, 'number']),
  ['decimal', 'decimal'],
  ['boolean', 'boolean'],
  ...['date', 'datetime', 'datetimeoffset'].map((name): [string, Kind] => [name, 'date']),
]);

/** How a column is read, in SELECTs one around the other: each names what the next one uses, so that it is worked out once. */
export interface CellReading {
  type: PropertyType;
  /** What the inner SELECTs add to the columns, from the innermost on. */
  steps: readonly string[];
  /** The value as JSON text, in the outermost; null where the text is the value. */
  json: string | null;
}

const kindOf = (dataType: string | undefined): Kind => kinds.get((dataType ?? '').toLowerCase()) ?? 'text';

/** The type alone of what `cellReading` returns: every column is asked for it, and few are read. */
export function cellType({ dataType }: Pick<CdmColumn, 'dataType'>): PropertyType {
  const kind = kindOf(dataType);
  return kind === 'text' || kind === 'boolean' ? kind : 'parsed';
}

/** `cell` is the SQL name of the column's text and the beginning of the names that are made here. */
export function cellReading({ dataType }: Pick<CdmColumn, 'dataType'>, tag: string | null, cell: string): CellReading {
  const kind = kindOf(dataType);
  if (kind === 'text' || kind === 'boolean') return { type: kind, steps: [], json: null };
  const culture = cultureOf(tag);
  const trimmed = `${cell}_trimmed`;
  const { steps, json } = kind === 'date' ? dateReading(trimmed, culture, cell) : numberReading(trimmed, culture, { cell, kind });
  return { type: 'parsed', steps: [`${sqlTrimmed(cell)} AS ${trimmed}`, ...steps], json };
}

type Reading = Omit<CellReading, 'type'>;
type NumberKind = 'integer' | 'number' | 'decimal';

function numberReading(text: string, culture: Culture, { cell, kind }: { cell: string; kind: NumberKind }): Reading {
  const plain = `${cell}_plain`;
  return { steps: [`${plainNumber(text, culture)} AS ${plain}`], json: numberJson(plain, kind) };
}

const MINUS = '\u2212';
const INTEGER = '[+-]?[0-9]{1,19}';
const DECIMAL = '[+-]?[0-9]+([.][0-9]+)?';
const EXPONENT = '([eE][+-]?[0-9]+)?';

/** The number with a decimal point and no groups; NULL where the culture does not write it like this. */
function plainNumber(text: string, { decimal, groups }: Culture): string {
  const group = groups.length === 0 ? null : `[${groups.map(escaped).join('')}]`;
  const whole = group === null ? '[0-9]+' : `([0-9]+|[0-9]{1,3}(${group}[0-9]{2,3})*${group}[0-9]{3})`;
  const pattern = `[+${MINUS}-]?(${whole}(${escaped(decimal)}[0-9]+)?|${escaped(decimal)}[0-9]+)${EXPONENT}`;
  const signed = `replace(${text}, ${sqlText(MINUS)}, '-')`;
  const ungrouped = group === null ? signed : `regexp_replace(${signed}, ${sqlText(group)}, '', 'g')`;
  const pointed = decimal === '.' ? ungrouped : `replace(${ungrouped}, ${sqlText(decimal)}, '.')`;
  // JSON has no number that begins with its point.
  const begun = `regexp_replace(${pointed}, '^([+-]?)[.]', '\\10.')`;
  return `CASE WHEN regexp_full_match(${text}, ${sqlText(pattern)}) THEN ${begun} END`;
}

/** RE2 knows no escapes beyond ASCII. */
const escaped = (character: string): string => (/[!-/:-@[-`{-~]/.test(character) ? `\\${character}` : character);

function numberJson(plain: string, kind: NumberKind): string {
  switch (kind) {
    case 'integer':
      return `CASE WHEN regexp_full_match(${plain}, ${sqlText(INTEGER)}) THEN try_cast(${plain} AS BIGINT)::VARCHAR END`;
    case 'number':
      return `CASE WHEN isfinite(try_cast(${plain} AS DOUBLE)) THEN to_json(try_cast(${plain} AS DOUBLE))::VARCHAR END`;
    case 'decimal':
      // In all its digits, which a floating number would not keep.
      return `CASE WHEN regexp_full_match(${plain}, ${sqlText(DECIMAL + EXPONENT)})
        THEN regexp_replace(ltrim(${plain}, '+'), '^(-?)0+([0-9])', '\\1\\2') END`;
  }
}

const CLOCK = '([01][0-9]|2[0-3]):?[0-5][0-9](:?([0-5][0-9]|60)([.,][0-9]+)?)?';
const ZONE = '(Z|[+-][0-9]{2}(:?[0-9]{2})?)';
const ISO = `[0-9]{4}-[0-9]{2}-[0-9]{2}(T${CLOCK}${ZONE}?)?`;
const ISO_BASIC = `[0-9]{8}(T${CLOCK}${ZONE}?)?`;
const SEPARATOR = '[./-] ?';
const SPELLED_CLOCK = `(?:(?:,? +|T)([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2})(?:[.,]([0-9]+))?)?(?: ?([AaPp])[.]?[Mm][.]?)?(?: ?${ZONE})?)?`;
const SPELLED_PARTS = ['hour', 'minute', 'second', 'fraction', 'half', 'zone'];
/** Blanks that ICU writes where a keyboard writes a space. */
const BLANKS = '[\u00a0\u202f\u2009]';

/** ISO 8601 passes as it is written; a date as the culture spells it, with a year of four digits, becomes ISO 8601. */
function dateReading(text: string, culture: Culture, cell: string): Reading {
  const [iso, spelled] = [`${cell}_iso`, `${cell}_spelled`];
  const isIso = `CASE WHEN regexp_full_match(${text}, ${sqlText(ISO)}) THEN try_cast(left(${text}, 10) AS DATE) IS NOT NULL
    WHEN regexp_full_match(${text}, ${sqlText(ISO_BASIC)}) THEN try_strptime(left(${text}, 8), '%Y%m%d') IS NOT NULL ELSE false END`;
  return {
    // Most dates are ISO 8601, and to take others apart is dear.
    steps: [`${isIso} AS ${iso}`, `CASE WHEN NOT ${iso} THEN ${spelledDate(text, culture)} END AS ${spelled}`],
    json: `CASE WHEN ${iso} THEN to_json(${text})::VARCHAR ELSE ${isoJson(spelled)} END`,
  };
}

/** The parts of a date as a STRUCT of texts, empty where a part is missing. Years that come first need no culture. */
function spelledDate(text: string, { dayMonth }: Culture): string {
  const blanked = `regexp_replace(${text}, ${sqlText(BLANKS)}, ' ', 'g')`;
  const extracted = (pattern: string, names: readonly string[]): string =>
    `regexp_extract(${blanked}, ${sqlText(`^${pattern}[.]?${SPELLED_CLOCK}$`)}, [${[...names, ...SPELLED_PARTS].map(sqlText).join(', ')}])`;
  const short = '([0-9]{1,2})';
  const yearFirst = extracted(['([0-9]{4})', short, short].join(SEPARATOR), ['year', 'month', 'day']);
  if (dayMonth === null) return yearFirst;
  const names = dayMonth === 'day_first' ? ['day', 'month'] : ['month', 'day'];
  const yearLast = extracted([short, short, '([0-9]{4})'].join(SEPARATOR), [...names, 'year']);
  return `CASE WHEN regexp_matches(${text}, '^[0-9]{4}') THEN ${inOrder(yearFirst)} ELSE ${inOrder(yearLast)} END`;
}

/** DuckDB compares the fields of a STRUCT by place: both ways of writing get the same. */
function inOrder(struct: string): string {
  const fields = ['year', 'month', 'day', ...SPELLED_PARTS];
  return `list_transform([${struct}], lambda found: struct_pack(${fields.map((name) => `${name} := found['${name}']`).join(', ')}))[1]`;
}

/** The date in ISO 8601 as JSON text; NULL where there is no such day or hour. */
function isoJson(spelled: string): string {
  const part = (name: string): string => `${spelled}['${name}']`;
  const two = (text: string): string => `lpad(${text}, 2, '0')`;
  const day = `${part('year')} || '-' || ${two(part('month'))} || '-' || ${two(part('day'))}`;
  const number = (name: string): string => `try_cast(${part(name)} AS INTEGER)`;
  const hour = `CASE WHEN ${part('half')} = '' THEN ${number('hour')}
    WHEN ${number('hour')} BETWEEN 1 AND 12 THEN ${number('hour')} % 12 + CASE WHEN lower(${part('half')}) = 'p' THEN 12 ELSE 0 END END`;
  const second = `CASE WHEN ${part('second')} = '' THEN '00' ELSE ${part('second')} END`;
  const fraction = `CASE WHEN ${part('fraction')} = '' THEN '' ELSE '.' || ${part('fraction')} END`;
  const time = `CASE WHEN ${hour} < 24 AND ${number('minute')} < 60 AND coalesce(${number('second')}, 0) < 60
    THEN 'T' || ${two(`(${hour})::VARCHAR`)} || ':' || ${part('minute')} || ':' || ${second} || ${fraction} || ${part('zone')} END`;
  return `CASE WHEN try_cast(${day} AS DATE) IS NOT NULL
    THEN '"' || ${day} || CASE WHEN ${part('hour')} = '' THEN '' ELSE ${time} END || '"' END`;
}
