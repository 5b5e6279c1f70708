import type { RowWarning } from './codes';
import type { FieldRule, MappedField } from './fields';
import { klaviyoLimits } from './limits';
import type { PropertyType } from './property-type';
import { hasVisibleSql, sqlText } from './text';
import { timeZones } from './time-zones';

// SQL that writes one element of Klaviyo's `profiles.data` array as JSON text: text after text, because an attribute without a value
// must be absent (null would be taken as "leave as it is", and an empty text would overwrite). In two steps, each a SELECT of the
// planner, because SQL evaluates an expression as often as it is written: values first (valueSql), then the profile from them.

/** A mapped field and the SQL names (ours, never the snapshot's) of what its column holds. */
export interface BoundField extends MappedField {
  type: PropertyType;
  /** The value as text, as it stands. */
  raw: string;
  /** The text without blank edges; there for fields of which `needsTrimming` is true. */
  trimmed: string;
  /** The value as JSON text; there where the type is `json` or `parsed`. */
  json: string;
  /** Name that the planner gives to the field's valueSql. */
  value: string;
}

const E164 = '\\+[1-9][0-9]{6,14}';
const HTTP_URL = '(?i:https?)://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?([/?#][!-~]*)?';
const URL_CHARACTERS_MAX = 2048;
/** BCP 47 (RFC 5646): language, script, region, variants, extensions, private use; or private use alone. */
const LANGUAGE_TAG = [
  '(?i:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?',
  '(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?|x(?:-[a-z0-9]{1,8})+)',
].join('');
const TIME_ZONE = timeZones.map((name) => name.replaceAll('+', '[+]')).join('|');
const WITHOUT_FRACTION = '[+-]?[0-9]+[.]0+';
const WITH_EXPONENT = '[+-]?[0-9]+([.][0-9]+)?[eE][+-]?[0-9]{1,3}';
const JSON_NUMBER = '-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?';
/** DuckDB's JSON knows these as numbers; JSON does not. Inside a text they cost the value, which is rare enough. */
const NO_JSON_NUMBER = '[\\[,:]-?(NaN|Infinity)[\\],}]';

const warningOf: Record<FieldRule, RowWarning> = {
  text: 'attribute_invalid',
  externalId: 'external_id_invalid',
  phone: 'phone_invalid',
  image: 'image_invalid',
  locale: 'locale_invalid',
  timezone: 'timezone_invalid',
  property: 'property_invalid',
};

/** Whether the field's SQL speaks of `trimmed`. Trimming costs more than all else that is done to a text. */
export function needsTrimming({ rule, type }: Pick<BoundField, 'rule' | 'type'>): boolean {
  if (rule === 'property') return type === 'number' || type === 'boolean';
  return rule !== 'text' && rule !== 'externalId';
}

/** The field's value as JSON text; NULL where there is none or where it breaks its rule. Texts are sent with their blank edges. */
export function valueSql(field: BoundField): string {
  const writable = field.rule === 'property' ? null : writableAsTextSql(field);
  return writable === null ? ruleSql(field) : `CASE WHEN ${writable} THEN ${ruleSql(field)} END`;
}

/** Whether the value may stand where Klaviyo has a text: no list, no object, and no number that is none, like NaN. null: any may. */
function writableAsTextSql({ type, json, raw }: BoundField): string | null {
  if (type === 'number') return `isfinite(try_cast(${raw} AS DOUBLE))`;
  if (type !== 'json') return null;
  return `(${json}[1] = '"' OR ${json} IN ('true', 'false') OR isfinite(try_cast(${json} AS DOUBLE)))`;
}

/** Standard attributes are texts. */
function ruleSql(field: BoundField): string {
  const { rule, trimmed, raw } = field;
  switch (rule) {
    case 'phone':
      return matching(trimmed, E164);
    case 'image':
      return `CASE WHEN length(${trimmed}) <= ${URL_CHARACTERS_MAX} THEN ${matching(trimmed, HTTP_URL)} END`;
    case 'locale':
      return matching(trimmed, LANGUAGE_TAG);
    case 'timezone':
      return matching(trimmed, TIME_ZONE);
    case 'text':
      return `CASE WHEN ${isThereSql(field)} THEN ${textSql(wholeNumbersSql(field, raw))} END`;
    case 'externalId': {
      // Of the text that is sent: 1e300 has five characters and becomes 301.
      const id = wholeNumbersSql(field, raw);
      return `CASE WHEN ${isThereSql(field)} AND length(${id}) <= ${klaviyoLimits.externalIdCharactersMax} THEN ${textSql(id)} END`;
    }
    case 'property':
      return propertySql(field);
  }
}

/** Ids and post codes are whole numbers where a column is one of floating ones, as it is when it has gaps: 1001, not 1001.0 or 1e17. */
function wholeNumbersSql({ type, json }: BoundField, raw: string): string {
  if (type !== 'number' && type !== 'json') return raw;
  const isText = type !== 'number' ? `WHEN ${json}[1] = '"' THEN ${raw} ` : '';
  const number = `try_cast(${raw} AS DOUBLE)`;
  return `CASE ${isText}WHEN regexp_full_match(${raw}, ${sqlText(WITHOUT_FRACTION)}) THEN split_part(${raw}, '.', 1)
    WHEN regexp_full_match(${raw}, ${sqlText(WITH_EXPONENT)}) AND isfinite(${number}) AND ${number} = trunc(${number})
    THEN printf('%.0f', ${number}) ELSE ${raw} END`;
}

function propertySql(field: BoundField): string {
  const { type, raw, trimmed } = field;
  switch (type) {
    case 'text':
      return `CASE WHEN ${isThereSql(field)} THEN ${textSql(raw)} END`;
    case 'number':
      return `CASE WHEN isfinite(try_cast(${trimmed} AS DOUBLE)) THEN to_json(try_cast(${trimmed} AS DOUBLE))::VARCHAR END`;
    case 'boolean':
      return `CASE WHEN lower(${trimmed}) IN ('true', '1') THEN 'true' WHEN lower(${trimmed}) IN ('false', '0') THEN 'false' END`;
    case 'literal':
      return raw;
    case 'json':
    case 'parsed':
      return jsonSql(field);
  }
}

function jsonSql(field: BoundField): string {
  const { json } = field;
  return `CASE WHEN NOT (${isThereSql(field)}) THEN NULL
    WHEN ${json}[1] = '"' OR ${json} IN ('true', 'false') THEN ${json}
    WHEN ${isNestedSql(json)} THEN CASE WHEN NOT regexp_matches(${json}, ${sqlText(NO_JSON_NUMBER)}) THEN ${json} END
    WHEN regexp_full_match(${json}, ${sqlText(JSON_NUMBER)}) AND isfinite(try_cast(${json} AS DOUBLE)) THEN ${json} END`;
}

const isNestedSql = (json: string): string => `coalesce(${json}[1] IN ('[', '{'), false)`;

/** Whether the column holds anything for the field. Blanks, nulls, empty lists and empty objects are nothing. */
function isThereSql(field: BoundField): string {
  if (needsTrimming(field)) return `${field.trimmed} <> ''`;
  const visible = hasVisibleSql(field.raw);
  return field.type === 'json' ? `${visible} AND coalesce(${field.json} NOT IN ('[]', '{}'), true)` : visible;
}

const textSql = (raw: string): string => `to_json(${raw})::VARCHAR`;

const matching = (value: string, pattern: string): string =>
  `CASE WHEN regexp_full_match(${value}, ${sqlText(pattern)}) THEN to_json(${value})::VARCHAR END`;

/**
 * The profile as JSON text, from the normalised address and the fields' values. Calls of many arguments, not operators between two:
 * DuckDB parses no expression that is deeper than a thousand, and a mapping may be wide.
 */
export function profileJsonSql(identifier: string, fields: readonly BoundField[]): string {
  const attributes = fields.filter((field) => field.group === 'attributes').map(memberSql);
  return `concat(${[
    // The address is ASCII without quotation marks or backslashes (the e-mail rule), so it is JSON text as it stands.
    `'{"type":"profile","attributes":{"email":"'`,
    identifier,
    `'"'`,
    ...attributes,
    ...groupSql('location', fields),
    ...groupSql('properties', fields),
    `'}}'`,
  ].join(', ')})`;
}

function groupSql(group: 'location' | 'properties', fields: readonly BoundField[]): string[] {
  const members = fields.filter((field) => field.group === group);
  if (members.length === 0) return [];
  const first = `coalesce(${members.map((field) => field.value).join(', ')})`;
  const joined = `concat(${members.map(memberSql).join(', ')})`;
  return [`CASE WHEN ${first} IS NOT NULL THEN concat(${sqlText(`,"${group}":{`)}, substr(${joined}, 2), '}') END`];
}

/** `,"name":value`, or NULL, which `concat` passes over. */
const memberSql = ({ name, value }: BoundField): string => `${sqlText(`,${JSON.stringify(name)}:`)} || ${value}`;

/** How many values of one row this warning counts: there, but not sent. */
export function warningCountSql(warning: RowWarning, fields: readonly BoundField[]): string {
  const counted = fields.filter((field) => warningOf[field.rule] === warning && mayBreakRule(field));
  return sumSql(counted.map((field) => `(CASE WHEN ${field.value} IS NULL AND ${isThereSql(field)} THEN 1 ELSE 0 END)`));
}

/** Halves of halves: as one chain, a thousand terms would be too deep for DuckDB. */
function sumSql(terms: readonly string[]): string {
  if (terms.length < 2) return terms[0] ?? '0';
  const half = Math.ceil(terms.length / 2);
  return `(${sumSql(terms.slice(0, half))} + ${sumSql(terms.slice(half))})`;
}

function mayBreakRule({ rule, type }: BoundField): boolean {
  if (rule === 'text') return type === 'json' || type === 'number';
  if (rule === 'externalId') return true;
  return rule !== 'property' || (type !== 'text' && type !== 'literal');
}
