import type { Mapping } from '@courier/contracts';
import {
  emailReasonSql,
  klaviyoLimits,
  normalisedEmailSql,
  profileJsonSql,
  rowWarnings,
  sqlTrimmed,
  valueSql,
  warningCountSql,
  type ColumnWarning,
  type ProfileWarning,
} from '../domain/klaviyo-profile';
import { bindColumns, bindSnapshot, type BoundColumns, type BoundPart, type LackingColumns } from './bind-columns';
import { causeOf, unreadablePart } from './failed-queries';
import type { VerifiedPart, VerifiedSnapshot } from './fetch-snapshots';
import type { LockedDuckDb } from './locked-duckdb';

// parsed: one row for each record of the copies, in the order segments, parts, rows; its row id is that order. Wide, written once.
// people: one row for each distinct valid address, narrow, in the order of their first rows.

const PARSED = `CREATE TABLE parsed (
  reason VARCHAR, raw_email VARCHAR, identifier VARCHAR, profile VARCHAR, bytes INTEGER, hash UBIGINT,
  ${rowWarnings.map((warning) => `${warning} SMALLINT`).join(', ')})`;

const RAW_EMAIL_CHARACTERS_MAX = 320;
const PARTS_AT_ONCE = 8;

export interface ParsedPart {
  part: VerifiedPart;
  /** Row id of the first record of its copy. */
  firstOrdinal: number;
}

/** Fills `parsed`; returns where each part begins, and which mapped columns the snapshots lack. */
export async function parseSnapshots(
  database: LockedDuckDb,
  mapping: Mapping,
  snapshots: readonly VerifiedSnapshot[],
  onRows: (rows: number) => void,
): Promise<{ parts: ParsedPart[]; lacking: LackingColumns }> {
  await database.run('create parsed', [PARSED]);
  const parts: ParsedPart[] = [];
  let ordinal = 0;
  const lacking: LackingColumns = { missing: [], unsupported: [] };
  for (const snapshot of snapshots) {
    const bound = await bindSnapshot(database, mapping, snapshot);
    lacking.missing.push(...bound.lacking.missing);
    lacking.unsupported.push(...bound.lacking.unsupported);
    for (const group of grouped(bound.parts)) {
      await parseParts(database, mapping, group, ordinal);
      for (const { part } of group) {
        parts.push({ part, firstOrdinal: ordinal });
        ordinal += copiedRowsOf(part);
      }
      onRows(group.reduce((sum, { part }) => sum + part.rows, 0));
    }
  }
  return { parts, lacking };
}

const copiedRowsOf = ({ rows, unreadable }: VerifiedPart): number => rows - unreadable.length;

/**
 * Several parts that are read alike in one statement, so that small ones keep all threads busy; rows still come in the order of the
 * list.
 */
function grouped(parts: readonly BoundPart[]): BoundPart[][] {
  const groups: BoundPart[][] = [];
  for (const part of parts) {
    const group = groups.at(-1);
    const fits = group !== undefined && group.length < PARTS_AT_ONCE && group[0]?.reader.key === part.reader.key;
    if (fits) group.push(part);
    else groups.push([part]);
  }
  return groups;
}

async function parseParts(
  database: LockedDuckDb,
  mapping: Mapping,
  group: readonly BoundPart[],
  firstOrdinal: number,
): Promise<void> {
  const parts = group.map(({ part }) => part).filter((part) => copiedRowsOf(part) > 0);
  const reader = group[0]?.reader;
  if (parts.length === 0 || reader === undefined) return;
  const files = `[${parts.map((part) => database.file(part.file)).join(', ')}]`;
  const bound = bindColumns(mapping, reader);
  try {
    await database.run('parse', [parseSql(reader.select(bound.used, files), bound)]);
  } catch (error) {
    throw await causeOf(error, database, { source: reader.source(files), parts });
  }
  const [rows] = await database.numbers('count parsed', 'SELECT count(*) FROM parsed');
  if (rows !== parts.reduce((sum, part) => sum + copiedRowsOf(part), firstOrdinal)) throw unreadablePart(parts);
}

function parseSql(source: string, { email, fields, trimmed }: BoundColumns): string {
  const values = fields.map((field) => `${valueSql(field)} AS ${field.value}`);
  const warnings = rowWarnings.map((warning) => `${warningCountSql(warning, fields)} AS ${warning}`);
  const reason = `CASE WHEN broken THEN 'line_unreadable' ELSE ${emailReasonSql(email.trimmed)} END`;
  return `INSERT INTO parsed
    WITH source AS (${source}), trimmed AS (
      SELECT ${['*', ...trimmed.map((text) => `${sqlTrimmed(text.raw)} AS ${text.trimmed}`)].join(', ')} FROM source
    ), valued AS (
      SELECT ${[`${reason} AS row_reason`, '*', ...values].join(', ')} FROM trimmed
    ), written AS (
      SELECT row_reason, ${email.raw} AS raw_email, ${normalisedEmailSql(email.trimmed)} AS identifier, ${warnings.join(', ')},
        CASE WHEN row_reason IS NULL THEN ${profileJsonSql('identifier', fields)} END AS profile
      FROM valued
    ), measured AS (
      SELECT *, CASE WHEN strlen(profile) > ${klaviyoLimits.profileBytesMax} THEN 'profile_too_large' ELSE row_reason END AS reason
      FROM written
    )
    SELECT reason,
      CASE WHEN reason IS NOT NULL THEN nullif(left(raw_email, ${RAW_EMAIL_CHARACTERS_MAX}), '') END,
      CASE WHEN reason IS NULL THEN identifier END,
      CASE WHEN reason IS NULL THEN profile END,
      CASE WHEN reason IS NULL THEN strlen(profile) END,
      CASE WHEN reason IS NULL THEN (md5_number(profile) & 18446744073709551615::UHUGEINT)::UBIGINT END,
      ${rowWarnings.join(', ')}
    FROM measured`;
}

/** The first row of each address; `known` says that the ledger holds it. Needs `parsed` and `ledger`. */
export async function selectPeople(database: LockedDuckDb): Promise<void> {
  await database.run('select people', [
    `CREATE TABLE people AS
      SELECT parsed.rowid AS ordinal, parsed.identifier, parsed.bytes, parsed.hash, ledger.identifier IS NOT NULL AS known, ${rowWarnings.join(', ')}
      FROM parsed
      SEMI JOIN (SELECT min(rowid) AS first FROM parsed WHERE reason IS NULL GROUP BY identifier) firsts ON parsed.rowid = firsts.first
      LEFT JOIN ledger ON ledger.identifier = parsed.identifier
      ORDER BY ordinal`,
  ]);
}

export async function countWarnings(
  database: LockedDuckDb,
  parts: readonly ParsedPart[],
  lacking: LackingColumns,
): Promise<ProfileWarning[]> {
  const sums = rowWarnings.map((warning) => `coalesce(sum(${warning}), 0)`).join(', ');
  const counts = await database.numbers('count warnings', `SELECT ${sums} FROM people`);
  const assumed = parts.filter(({ part }) => part.encodingAssumed).length;
  const unverified = parts.filter(({ part }) => part.copy.format === 'parquet' && !part.hasDigest).length;
  const warnings: ProfileWarning[] = [
    ...rowWarnings.map((code, at) => ({ code, count: counts[at] ?? 0 })),
    ofColumns('column_missing', lacking.missing),
    ofColumns('column_type_unsupported', lacking.unsupported),
    { code: 'encoding_assumed', count: assumed },
    { code: 'digest_missing', count: unverified },
    { code: 'row_short', count: parts.reduce((sum, { part }) => sum + part.short, 0) },
  ];
  return warnings.filter(({ count }) => count > 0);
}

const ofColumns = (code: ColumnWarning, names: readonly string[]): ProfileWarning => ({
  code,
  count: names.length,
  columns: [...new Set(names)],
});
