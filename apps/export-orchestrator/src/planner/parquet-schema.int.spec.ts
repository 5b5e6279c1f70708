import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { thriftTypes, writeStruct } from './parquet/thrift-compact';
import { annotatedParquet, readRows, type Annotation } from './testing/annotated-parquet';
import { parquetFile } from './testing/parquet-file';
import { planHere as plan, planned, Staged, type Ran } from './testing/planner-harness';
import { SnapshotFolder } from './testing/snapshot-folder';

// What a column holds is said by the file's own schema, whatever a reader makes of it.
describe('a Parquet part', () => {
  let folder: SnapshotFolder;
  let staged: Staged;
  beforeEach(() => {
    folder = new SnapshotFolder();
    staged = new Staged(folder);
  });
  afterEach(() => folder.remove());

  const stored = (name: string): Buffer => readFileSync(join(__dirname, 'testing/parquet-parts', `${name}.parquet`));
  const runOf = (parts: readonly Buffer[], mapping: Parameters<SnapshotFolder['job']>[1]): Promise<Ran> => {
    const snapshot = folder.files(
      'S',
      'parquet',
      parts.map((content) => ({ content, rows: readRows(content) })),
    );
    return plan(folder.job([snapshot], mapping));
  };
  const attributesOf = async (ran: Ran) => (await staged.people(ran)).map(({ attributes }) => attributes);

  async function propertiesOf(content: Buffer, names: readonly string[]) {
    const properties = Object.fromEntries(names.map((name) => [name, name]));
    const ran = await runOf([content], { mapping: { email: 'Email', properties } });
    const [text = ''] = await staged.texts(ran.staged);
    const { warnings } = planned(ran);
    return { text: /"properties":(.*)\}\}\n/.exec(text)?.[1] ?? '', warnings };
  }

  it('finds each column by its name as written, also where two differ in case only', async () => {
    const ran = await runOf([stored('case-only-columns')], {
      mapping: { email: 'Email', properties: { home: 'email', tier: 'Tier' } },
    });
    expect(await attributesOf(ran)).toEqual([
      { email: 'ana.work@c02.example-mail.com', properties: { home: 'ana.home@c02.example-mail.com', tier: 'silver' } },
      { email: 'bob.work@c02.example-mail.com', properties: { home: 'bob.home@c02.example-mail.com', tier: 'gold' } },
    ]);
  });

  it('gives whole floating numbers no fraction and no exponent where Klaviyo has texts', async () => {
    const ran = await runOf([stored('whole-numbers-as-doubles')], {
      mapping: { email: 'EMail', externalId: 'CrmId', location: { zip: 'Zip' }, properties: { points: 'Points' } },
    });
    expect(await attributesOf(ran)).toEqual([
      { email: 'ana@c11.example-mail.com', external_id: '1001', location: { zip: '2134' }, properties: { points: 7 } },
      { email: 'bob@c11.example-mail.com' },
      { email: 'cem@c11.example-mail.com', external_id: '1003', location: { zip: '90210' }, properties: { points: 7.5 } },
      {
        email: 'dee@c11.example-mail.com',
        external_id: '100000000000000000',
        location: { zip: '10115' },
        properties: { points: 8 },
      },
    ]);
  });

  it('has one invalid row, in its place, for one text that is not UTF-8', async () => {
    const ran = await runOf([stored('one-value-not-utf8')], { mapping: { email: 'EMail', firstName: 'FirstName' } });
    expect(await attributesOf(ran)).toEqual([
      { email: 'ana@c12.example-mail.com', first_name: 'Ana' },
      { email: 'cem@c12.example-mail.com', first_name: 'Cem' },
    ]);
    expect(await staged.invalidRows(planned(ran).invalid)).toMatchObject([
      { code: 'line_unreadable', file: 'S_1.parquet', row: 2 },
    ]);
  });

  const textual: Annotation = { converted: 0 };
  it.each<[string, string, Annotation]>([
    ['a text', 'VALUE', textual],
    ['an enumeration', 'VALUE', { converted: 4 }],
    ['JSON', 'VALUE', { converted: 19 }],
    ['a text of the newer kind', 'VALUE', { logical: 1 }],
    ['a list', "['a'::BLOB, VALUE]", textual],
    ['a struct', "{'a': VALUE}", textual],
    ['a map', 'MAP {1: VALUE}', textual],
    ['a struct in a list', "[{'a': [VALUE]}]", textual],
  ])('gives up only the row whose text is not UTF-8: in %s', async (_what, sql, annotation) => {
    const value = (text: string) => `(${sql.replace('VALUE', text)})`;
    const bad = String.raw`'"\xC3("'::BLOB`;
    const content = await annotatedParquet(
      `SELECT 'a@x.de' AS "Email", ${value(`'"1"'::BLOB`)} AS "V" UNION ALL SELECT 'b@x.de', ${value(bad)} UNION ALL SELECT 'c@x.de', NULL`,
      { V: annotation, element: annotation, a: annotation, value: annotation },
    );
    const ran = await runOf([content], { mapping: { email: 'Email', properties: { v: 'V' } } });
    expect((await staged.people(ran)).map(({ email }) => email)).toEqual(['a@x.de', 'c@x.de']);
    expect(await staged.invalidRows(planned(ran).invalid)).toMatchObject([{ code: 'line_unreadable', row: 2 }]);
  });

  it('gives instants of 96 bits and annotated ones as the same instants', async () => {
    const ran = await runOf([stored('int96'), stored('annotated-instants')], {
      mapping: { email: 'EMail', properties: { last_order: 'LastOrderAt' } },
    });
    expect(await attributesOf(ran)).toEqual([
      { email: 'ana@c13.example-mail.com', properties: { last_order: '2026-11-24T02:15:44Z' } },
      { email: 'bob@c13.example-mail.com' },
      { email: 'cem@c13.example-mail.com', properties: { last_order: '2026-11-24T02:15:44Z' } },
    ]);
    expect(planned(ran).warnings).toEqual([]);
  });

  const int64 = (value: bigint | number) => `${value}::BIGINT`;
  const bytes = (hex: string) => `from_hex('${hex}')`;
  it.each<[string, string, Annotation, string | null]>([
    ['a legacy instant in milliseconds', int64(1_795_486_544_120), { converted: 9 }, '"2026-11-24T02:15:44.12Z"'],
    ['a legacy instant in microseconds', int64(-1), { converted: 10 }, '"1969-12-31T23:59:59.999999Z"'],
    ['an instant after the year 9999', int64(253_402_300_800_000), { converted: 9 }, null],
    ['the last instant of the year 9999', int64(253_402_300_799_999), { converted: 9 }, '"9999-12-31T23:59:59.999Z"'],
    ['an instant before the year 1', int64(-62_135_596_800_001), { converted: 9 }, null],
    ['the least number as an instant', int64(-9_223_372_036_854_775_807n), { converted: 10 }, null],
    ['a legacy time of day', '14706789::INTEGER', { converted: 7 }, '"04:05:06.789Z"'],
    ['a legacy time of day in microseconds', int64(14_706_000_001), { converted: 8 }, '"04:05:06.000001Z"'],
    ['a time after the end of the day', '86400000::INTEGER', { converted: 7 }, null],
    ['a date', '-719162::INTEGER', { converted: 6 }, '"0001-01-01"'],
    ['a date of no year in four digits', '2932897::INTEGER', { converted: 6 }, null],
    ['an enumeration', bytes('474f4c44'), { converted: 4 }, '"GOLD"'],
    ['an unsigned integer of 8 bits', '255::INTEGER', { converted: 11 }, '255'],
    ['an unsigned integer of 32 bits', '-1::INTEGER', { converted: 13 }, '4294967295'],
    ['an unsigned integer of 64 bits', int64(-1), { converted: 14 }, '18446744073709551615'],
    ['a decimal in 32 bits', '-1::INTEGER', { converted: 5, precision: 9, scale: 2 }, '-0.01'],
    ['a decimal in 64 bits', int64(123_456_789_012_345_678n), { converted: 5, precision: 18, scale: 3 }, '123456789012345.678'],
    ['a decimal in bytes', bytes('ff'), { converted: 5, precision: 38, scale: 10 }, '-0.0000000001'],
    ['nothing of no type', 'NULL::INTEGER', { logical: 11 }, null],
  ])('gives %s exactly, or leaves it out', async (_what, sql, annotation, json) => {
    const content = await annotatedParquet(`SELECT 'a@x.de' AS "Email", ${sql} AS "V"`, { V: annotation });
    const { text, warnings } = await propertiesOf(content, ['V']);
    expect(text).toBe(json === null ? '' : `{"V":${json}}`);
    const isLeftOut = json === null && !sql.startsWith('NULL');
    expect(warnings).toEqual(isLeftOut ? [{ code: 'property_invalid', count: 1 }] : []);
  });

  /** The newer annotation of a moment: a time of day is 7, an instant 8; units are 1 of milliseconds, 2, 3. */
  const moment = (logical: 7 | 8, isUtc: boolean, unit: 1 | 2 | 3): Annotation => ({
    logical,
    parameters: [
      { id: 1, type: isUtc ? thriftTypes.true : thriftTypes.false, value: Buffer.alloc(0) },
      {
        id: 2,
        type: thriftTypes.struct,
        value: writeStruct([{ id: unit, type: thriftTypes.struct, value: writeStruct([]) }]),
      },
    ],
  });
  const unannotated: Annotation = {};
  it.each<[string, [string, Annotation, unknown], [string, Annotation, unknown]]>([
    [
      'instants in milliseconds and in microseconds',
      [int64(1_500), moment(8, true, 1), '1970-01-01T00:00:01.5Z'],
      [int64(1_500), moment(8, true, 2), '1970-01-01T00:00:00.0015Z'],
    ],
    [
      'legacy instants in milliseconds and in microseconds',
      [int64(1_500), { converted: 9 }, '1970-01-01T00:00:01.5Z'],
      [int64(1_500), { converted: 10 }, '1970-01-01T00:00:00.0015Z'],
    ],
    [
      'instants and local times',
      [int64(1_500), moment(8, true, 1), '1970-01-01T00:00:01.5Z'],
      [int64(1_500), moment(8, false, 1), '1970-01-01T00:00:01.5'],
    ],
    [
      'instants and times of day',
      [int64(1_500), moment(8, false, 2), '1970-01-01T00:00:00.0015'],
      [int64(1_500), moment(7, false, 2), '00:00:00.0015'],
    ],
    ['days and times of day', ['1::INTEGER', { converted: 6 }, '1970-01-02'], ['1::INTEGER', { converted: 7 }, '00:00:00.001Z']],
    ['days and numbers', ['1::INTEGER', { converted: 6 }, '1970-01-02'], ['1::INTEGER', unannotated, 1]],
    ['texts and JSON', [`'{"a":1}'::BLOB`, { converted: 0 }, '{"a":1}'], [`'{"a":1}'::BLOB`, { converted: 19 }, { a: 1 }]],
    [
      'instants within lists',
      [`[${int64(1_500)}]`, moment(8, true, 1), ['1970-01-01T00:00:01.5Z']],
      [`[${int64(1_500)}]`, moment(8, true, 2), ['1970-01-01T00:00:00.0015Z']],
    ],
    ['members of other names', ["{'net': 1, 'gross': 2}", {}, { net: 1, gross: 2 }], ["{'a': 1, 'b': 2}", {}, { a: 1, b: 2 }]],
    [
      'members in another order',
      ["{'net': 1, 'gross': 2}", {}, { net: 1, gross: 2 }],
      ["{'gross': 2, 'net': 1}", {}, { net: 1, gross: 2 }],
    ],
  ])('is read as its own schema says, and not as its neighbour’s: %s', async (_what, ...values) => {
    const parts = values.map(([sql, annotation], at) =>
      annotatedParquet(`SELECT 'p${at}@x.de' AS "Email", ${sql} AS "V"`, { V: annotation, element: annotation }),
    );
    const ran = await runOf(await Promise.all(parts), { mapping: { email: 'Email', properties: { v: 'V' } } });
    expect((await attributesOf(ran)).map(({ properties }) => properties)).toEqual(values.map(([, , v]) => ({ v })));
    expect(planned(ran).warnings).toEqual([]);
  });

  it.each<[string, string, Annotation]>([
    ['a decimal of 50 digits', bytes('01'), { converted: 5, precision: 50, scale: 0 }],
    ['BSON', bytes('0500000000'), { converted: 20 }],
    ['what is younger than this reader', bytes('01'), { logical: 99 }],
    ['a text in integers', int64(1), { converted: 0 }],
    ['a list that holds it', `[${bytes('01')}]`, { converted: 20 }],
    ['a struct that holds it', `{'a': 1, 'b': ${bytes('01')}}`, { converted: 20 }],
  ])('leaves a column out and counts it where no value could be given exactly: %s', async (_what, sql, annotation) => {
    const query = `SELECT 'p' || i || '@x.de' AS "Email", ${sql} AS "V", 7 AS "W" FROM range(2) r(i)`;
    const content = await annotatedParquet(query, { V: annotation, element: annotation, b: annotation });
    const ran = await runOf([content], { mapping: { email: 'Email', firstName: 'V', properties: { v: 'V', w: 'W' } } });
    expect((await attributesOf(ran)).map(({ email: _email, ...others }) => others)).toEqual([
      { properties: { w: 7 } },
      { properties: { w: 7 } },
    ]);
    expect(planned(ran).warnings).toEqual([{ code: 'column_type_unsupported', count: 1, columns: ['V'] }]);
  });

  it('fails by name where the column of the e-mail is one of those', async () => {
    const content = await annotatedParquet(`SELECT 'a@x.de'::BLOB AS "Email"`, { Email: { converted: 20 } });
    const ran = await runOf([content], { mapping: { email: 'Email' } });
    expect(ran.outcome).toMatchObject({ kind: 'failed', code: 'not_supported', detail: expect.stringContaining('Email') });
  });

  it('takes no notice of columns that are not asked for', async () => {
    const content = await annotatedParquet(
      `SELECT 'a@x.de' AS "Email", 'x'::BLOB AS bad, [{'A': 1}] AS odd, '\\xFF'::BLOB AS raw, 'b' AS "EMAIL"`,
      { bad: { logical: 99 }, raw: textual },
    );
    const ran = await runOf([content], { mapping: { email: 'Email' } });
    expect(await attributesOf(ran)).toEqual([{ email: 'a@x.de' }]);
    expect(planned(ran).warnings).toEqual([]);
  });

  it('gives what is nested in the types of JSON', async () => {
    const values = {
      decimals: ['[1.50::DECIMAL(38,2), NULL]', '[1.50,null]'],
      floats: ['[0.1::FLOAT]', '[0.1]'],
      unsigned: ["{'n': 18446744073709551615::UBIGINT}", '{"n":18446744073709551615}'],
      instants: ["{'at': '2026-02-03 04:05:06.5+00'::TIMESTAMPTZ}", '{"at":"2026-02-03T04:05:06.5Z"}'],
      days: ["[DATE '2026-02-03']", '["2026-02-03"]'],
      ids: ["['00000000-0000-0000-0000-000000000001'::UUID]", '["00000000-0000-0000-0000-000000000001"]'],
      keyed: ['MAP {7: {\'a "b"\': true}}', '{"7":{"a \\"b\\"":true}}'],
      deep: ["[[{'a': [NULL, 'x']}], []]", '[[{"a":[null,"x"]}],[]]'],
      interval: ["INTERVAL '14 months 3 days 4.5 seconds'", '"P14M3DT4.5S"'],
    };
    const names = Object.keys(values).sort();
    const sql = Object.entries(values).map(([name, [value]]) => `${value} AS ${name}`);
    const { text, warnings } = await propertiesOf(await parquetFile(`SELECT 'a@x.de' AS "Email", ${sql.join(', ')}`), names);
    const members = names.map((name) => `"${name}":${values[name as keyof typeof values][1]}`);
    expect({ text, warnings }).toEqual({ text: `{${members.join(',')}}`, warnings: [] });
  });
});
