import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parquetFile } from './testing/parquet-file';
import { planHere as plan, planned, Staged } from './testing/planner-harness';
import { csvLine, SnapshotFolder } from './testing/snapshot-folder';

// What is done to a mapping's fields must not nest deeper with each of them: DuckDB parses nothing that is deeper than a thousand.
describe('a mapping of 300 properties', () => {
  let folder: SnapshotFolder;
  let staged: Staged;
  beforeEach(() => {
    folder = new SnapshotFolder();
    staged = new Staged(folder);
  });
  afterEach(() => folder.remove());

  const rows = 2;
  const namesOf = (properties: number) => Array.from({ length: properties }, (_, at) => `A${at}`);
  const mappingOf = (names: readonly string[]) => ({
    email: 'Email',
    properties: Object.fromEntries(names.map((name) => [name, name])),
  });
  const valueOf = (row: number, at: number) => (at % 3 === 0 ? '' : `v${row}-${at}`);
  const recordsOf = (names: readonly string[]) =>
    Array.from({ length: rows }, (_, row) => [`p${row}@x.de`, ...names.map((_name, at) => valueOf(row, at))]);
  const csvOf = (names: readonly string[]) => [['Email', ...names], ...recordsOf(names)].map(csvLine).join('');
  const ndjsonOf = (names: readonly string[]) =>
    recordsOf(names)
      .map((record) => `${JSON.stringify(Object.fromEntries(['Email', ...names].map((name, at) => [name, record[at]])))}\n`)
      .join('');
  const parquetOf = (names: readonly string[]) => {
    const values = recordsOf(names).map((record) => `(${record.map((value) => `'${value}'`).join(', ')})`);
    const columns = ['Email', ...names].map((name) => `"${name}"`).join(', ');
    return parquetFile(`SELECT * FROM (VALUES ${values.join(', ')}) AS people(${columns})`);
  };
  const snapshots = {
    csv: (names: readonly string[]) => folder.files('S', 'csv', [{ content: csvOf(names), rows }]),
    'csv as gzip': (names: readonly string[]) => folder.files('S', 'csv', [{ content: gzipSync(csvOf(names)), rows }], 'gzip'),
    'cdm-csv': (names: readonly string[]) =>
      folder.snapshot(
        'S',
        ['Email', ...names].map((name) => ({ name, dataType: 'string' })),
        [{ text: recordsOf(names).map(csvLine).join(''), rows }],
      ),
    ndjson: (names: readonly string[]) => folder.files('S', 'ndjson', [{ content: ndjsonOf(names), rows }]),
    parquet: async (names: readonly string[]) => folder.files('S', 'parquet', [{ content: await parquetOf(names), rows }]),
  };
  const formats = Object.keys(snapshots) as (keyof typeof snapshots)[];

  const names = namesOf(300);

  it.each(formats)('is planned: %s', async (format) => {
    const ran = await plan(folder.job([await snapshots[format](names)], { mapping: mappingOf(names) }));
    expect(planned(ran)).toMatchObject({ counts: { snapshotRows: rows, toAdd: rows }, warnings: [] });
    const expected = (row: number) =>
      Object.fromEntries(names.map((name, at) => [name, valueOf(row, at)]).filter(([, value]) => value !== ''));
    expect((await staged.people(ran)).map(({ attributes }) => attributes['properties'])).toEqual([expected(0), expected(1)]);
  });

  it('fits into the memory of a planner with thousands of rows', async () => {
    const record = Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
    const lines = Array.from({ length: 6_000 }, (_, row) => `${JSON.stringify({ Email: `p${row}@x.de`, ...record })}\n`);
    const snapshot = folder.files('S', 'ndjson', [{ content: lines.join(''), rows: lines.length }]);
    const ran = await plan(folder.job([snapshot], { mapping: mappingOf(names), memoryMb: 512 }));
    expect(planned(ran).counts).toMatchObject({ toAdd: lines.length });
  });

  it('counts what is left out of each of them', async () => {
    const columns = ['Email', ...names].map((name) => ({ name, dataType: name === 'Email' ? 'string' : 'int64' }));
    const text = csvLine(['p@x.de', ...names.map(() => 'none')]);
    const ran = await plan(folder.job([folder.snapshot('S', columns, [{ text, rows: 1 }])], { mapping: mappingOf(names) }));
    expect(planned(ran).warnings).toEqual([{ code: 'property_invalid', count: 300 }]);
  });
});
