import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { columns } from './columns';
import { generateSegment, type GeneratedSegment } from './generate-segment';
import { refreshOf } from './refresh-event';

const emailColumn = columns.findIndex(({ name }) => name === 'Email');
const firstNameColumn = columns.findIndex(({ name }) => name === 'FirstName');

/** A reader of its own, so that a mistake of the writer shows. Only for text that is well formed. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g;
  let record: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(pattern)) {
    record.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\n') {
      records.push(record);
      record = [];
    }
  }
  return records;
}

describe('generateSegment', () => {
  const root = mkdtempSync(join(tmpdir(), 'sample-segment-'));
  const invalid = { email_missing: 20, email_malformed: 40, email_too_long: 6, profile_too_large: 1 };
  const options = { entity: 'Everyone', people: 2_000, duplicates: 150, partitions: 3, seed: 5, invalid };
  let segment: GeneratedSegment;
  let records: string[][];

  beforeAll(async () => {
    segment = await generateSegment({ ...options, dir: join(root, 'a') });
    records = segment.partitions.flatMap(({ path }) => parseCsv(readFileSync(path, 'utf8')));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('knows the figures that reading the folder comes to', () => {
    expect(segment.expected).toEqual({
      rows: 2_217,
      duplicates: 150,
      invalid: 67,
      invalidReasons: invalid,
      distinctValid: 2_000,
    });
    expect(records).toHaveLength(2_217);
    expect(new Set(records.map((record) => record.length))).toEqual(new Set([columns.length]));
    const valid = new Set(segment.validEmails());
    const emails = records.map((record) => (record[emailColumn] ?? '').trim().toLowerCase());
    expect(new Set(emails.filter((email) => valid.has(email)))).toEqual(valid);
    expect(emails.filter((email) => valid.has(email))).toHaveLength(2_000 + 150);
  });

  it('puts every duplicate behind the row that must win', () => {
    const seen = new Set<string>();
    for (const record of records) {
      const email = (record[emailColumn] ?? '').trim().toLowerCase();
      if (record[firstNameColumn] === 'Later') expect(seen.has(email)).toBe(true);
      seen.add(email);
    }
  });

  it('describes each part by its rows, bytes and digest, and the columns in model.json', () => {
    for (const { path, rows, bytes, sha256 } of segment.partitions) {
      const content = readFileSync(path);
      expect({ rows, bytes, sha256 }).toEqual({
        rows: parseCsv(content.toString('utf8')).length,
        bytes: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
      });
    }
    const manifest = JSON.parse(readFileSync(segment.manifestPath, 'utf8'));
    expect(manifest.entities[0].attributes).toEqual(columns);
    expect(manifest.entities[0].partitions.map((part: { location: string }) => part.location)).toEqual(
      segment.partitions.map(({ uri }) => uri),
    );
  });

  it('gives the same bytes for the same seed, and others for another', async () => {
    const digests = ({ partitions }: GeneratedSegment): string[] => partitions.map(({ sha256 }) => sha256);
    const again = await generateSegment({ ...options, dir: join(root, 'b') });
    const other = await generateSegment({ ...options, dir: join(root, 'c'), seed: 6 });
    expect(digests(again)).toEqual(digests(segment));
    expect(digests(other)).not.toEqual(digests(segment));
  });

  it('writes the asked number of unreadable lines, one row each', async () => {
    const broken = await generateSegment({ dir: join(root, 'd'), entity: 'Broken', people: 0, invalid: { line_unreadable: 8 } });
    const lines = readFileSync(broken.partitions[0]?.path ?? '', 'latin1')
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(8);
    expect(broken.expected).toEqual({
      rows: 8,
      duplicates: 0,
      invalid: 8,
      invalidReasons: { line_unreadable: 8 },
      distinctValid: 0,
    });
  });

  it('writes the same people in every format', async () => {
    const people = { entity: 'Same', people: 300, seed: 9, partitions: 2 };
    const rowsOf = async (format: 'csv' | 'ndjson' | 'parquet', gzip = false): Promise<string[]> => {
      const made = await generateSegment({ ...people, format, gzip, dir: join(root, `${format}${gzip}`) });
      expect(made).toMatchObject({ format, compression: gzip ? 'gzip' : 'none' });
      const instance = await DuckDBInstance.create(':memory:');
      const connection = await instance.connect();
      const files = `[${made.partitions.map(({ path }) => `'${path}'`).join(', ')}]`;
      const reader = { csv: 'read_csv', ndjson: 'read_json', parquet: 'read_parquet' }[format];
      const options = {
        csv: ', all_varchar = true, store_rejects = true, strict_mode = false',
        ndjson: ", format = 'newline_delimited', ignore_errors = true",
        parquet: '',
      };
      const query = `SELECT CustomerId, LoyaltyPoints FROM ${reader}(${files}${options[format]})`;
      const rows = await connection.runAndReadAll(query).finally(() => {
        connection.closeSync();
        instance.closeSync();
      });
      return rows
        .getRows()
        .map((row) => row.join())
        .filter((row) => !row.startsWith(','));
    };
    const parquet = await rowsOf('parquet');
    expect(parquet).toHaveLength(315 + 6);
    const persons = (rows: string[]) => rows.filter((row) => Number(row.split(',')[0]?.split('-')[2]) < 300).sort();
    expect(persons(await rowsOf('ndjson'))).toEqual(persons(parquet));
    expect(persons(await rowsOf('ndjson', true))).toEqual(persons(parquet));
    expect(persons(await rowsOf('csv'))).toEqual(persons(parquet));
  });

  it.each([
    ['utf-8-bom', 'efbbbf43'],
    ['utf-16le', 'fffe4300'],
    ['utf-16be', 'feff0043'],
    ['windows-1252', '43757374'],
  ] as const)('writes %s', async (encoding, start) => {
    const made = await generateSegment({ entity: 'Encoded', people: 50, format: 'csv', encoding, dir: join(root, encoding) });
    const content = readFileSync(made.partitions[0]?.path ?? '');
    expect(content.subarray(0, 4).toString('hex')).toBe(start);
    expect(isUtf8(content)).toBe(encoding === 'utf-8-bom');
  });

  it('becomes a refresh event that names the parts and their sum', () => {
    const completedAt = new Date('2026-11-24T02:15:44Z');
    const data = refreshOf({ segment, environmentId: 'dev', refreshId: 'r1', sequence: 7, completedAt });
    expect(data.segment.id).toBe('Everyone');
    expect(data.snapshot.rowCount).toBe(data.snapshot.partitions.reduce((sum, part) => sum + part.rows, 0));
  });
});
