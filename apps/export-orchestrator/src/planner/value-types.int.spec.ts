import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parquetFile } from './testing/parquet-file';
import { planHere as plan, planned, Staged } from './testing/planner-harness';
import { SnapshotFolder } from './testing/snapshot-folder';

// Custom properties follow the types of a typed file.
describe('values of a typed file', () => {
  let folder: SnapshotFolder;
  let staged: Staged;
  beforeEach(() => {
    folder = new SnapshotFolder();
    staged = new Staged(folder);
  });
  afterEach(() => folder.remove());

  /** The text of the first profile's properties, because numbers of many digits do not survive JSON.parse. */
  async function propertiesOf(format: 'ndjson' | 'parquet', content: Buffer | string, names: string[]) {
    const mapping = { email: 'Email', properties: Object.fromEntries(names.map((name) => [name, name])) };
    const ran = await plan(folder.job([folder.files('S', format, [{ content, rows: 1 }])], { mapping }));
    const [text = ''] = await staged.texts(ran.staged);
    return { text, warnings: planned(ran).warnings };
  }

  const parquetTypes: [string, string, string | null][] = [
    ['BIGINT', '9223372036854775807', '9223372036854775807'],
    ['UBIGINT', '18446744073709551615', '18446744073709551615'],
    ['SMALLINT', '-7', '-7'],
    ['DECIMAL(10,2)', '-0.50', '-0.50'],
    ['DECIMAL(2,2)', '0.50', '0.50'],
    ['DECIMAL(4,4)', '-0.5', '-0.5000'],
    ['DECIMAL(18,18)', '0', '0.000000000000000000'],
    ['DECIMAL(38,38)', '-0.00000000000000000000000000000000000001', '-0.00000000000000000000000000000000000001'],
    ['DECIMAL(2,2)[]', '[0.5, NULL, -0.25]', '[0.50,null,-0.25]'],
    ['STRUCT(a DECIMAL(2,2), b DECIMAL(3,3)[])', "{'a': 0.5, 'b': [-0.001]}", '{"a":0.50,"b":[-0.001]}'],
    ['MAP(DECIMAL(2,2), DECIMAL(2,2))', 'MAP {0.5: -0.5}', '{"0.50":-0.50}'],
    ['DECIMAL(38,0)', '123456789012345678901234567890', '123456789012345678901234567890'],
    // Parquet has no integers of 128 bits: DuckDB writes them as doubles, and so they come back.
    ['HUGEINT', '170141183460469231731687303715884105727', '1.7014118346046923e38'],
    ['DOUBLE', '0.1', '0.1'],
    ['FLOAT', '0.1', '0.1'],
    ['BOOLEAN', 'true', 'true'],
    ['DATE', "'2026-02-03'", '"2026-02-03"'],
    ['TIMESTAMP', "'2026-02-03 04:05:06.5'", '"2026-02-03T04:05:06.5"'],
    ['TIMESTAMP_NS', "'2026-02-03 04:05:06.123456789'", '"2026-02-03T04:05:06.123456789"'],
    ['TIMESTAMPTZ', "'2026-02-03 04:05:06+02'", '"2026-02-03T02:05:06Z"'],
    ['TIME', "'04:05:06'", '"04:05:06"'],
    ['UUID', "'00000000-0000-0000-0000-000000000001'", '"00000000-0000-0000-0000-000000000001"'],
    ['VARCHAR', "'Zoë'", '"Zoë"'],
    ['BLOB', "encode('Zoë')", '"Zoë"'],
    ['INTEGER[]', '[1, NULL, 2]', '[1,null,2]'],
    ['VARCHAR[]', "['a', 'b']", '["a","b"]'],
    ['STRUCT(a VARCHAR, b INTEGER[])', "{'a': 'x', 'b': [1]}", '{"a":"x","b":[1]}'],
    ['MAP(VARCHAR, INTEGER)', "MAP {'k': 1}", '{"k":1}'],
    ['JSON', String.raw`E'{\n\t"a": [1, 2.50],\n\t"b": "x"\n}'`, '{"a":[1,2.5],"b":"x"}'],
    ['TIMESTAMPTZ[]', "['2026-02-03 04:05:06+02']", '["2026-02-03T02:05:06Z"]'],
    ['DOUBLE[]', "['NaN']", null],
    ['DOUBLE', "'Infinity'", null],
    ['BLOB', "'\\xFF'::BLOB", null],
    ['VARCHAR', "''", null],
    ['INTEGER', 'NULL', null],
    ['INTEGER[]', '[]', null],
  ];

  it('are written in the types of Parquet', async () => {
    const columns = parquetTypes.map(([type, value], index) => `(${value})::${type} AS p${index}`);
    const content = await parquetFile(`SELECT 'a@x.de' AS "Email", ${columns.join(', ')}`);
    const { text, warnings } = await propertiesOf(
      'parquet',
      content,
      parquetTypes.map((_, index) => `p${index}`),
    );
    const members = parquetTypes.map(([, , json], index) => [`p${index}`, json] as const).filter(([, json]) => json !== null);
    const sorted = members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, json]) => `"${name}":${json}`);
    expect(text).toContain(`"properties":{${sorted.join(',')}}`);
    // The list with NaN, the infinite number and the bytes that are no text.
    expect(warnings).toEqual([{ code: 'property_invalid', count: 3 }]);
  });

  it('are written in the types of JSON', async () => {
    const values: Record<string, [string, string | null]> = {
      big: ['123456789012345678901234567890', '123456789012345678901234567890'],
      exact: ['12.5', '12.5'],
      power: ['1E5', '100000.0'],
      yes: ['true', 'true'],
      text: ['"Zo\\u00eb \\ud83d\\ude00 \\"q\\""', '"Zoë 😀 \\"q\\""'],
      list: ['[1, "x", {"a": null}]', '[1,"x",{"a":null}]'],
      object: ['{"a": {"b": [true]}}', '{"a":{"b":[true]}}'],
      'odd/~*$ "name"': ['1', '1'],
      nothing: ['null', null],
      blank: ['" \\t"', null],
      empty: ['[]', null],
      none: ['{}', null],
      'not a number': ['NaN', null],
      endless: ['1e400', null],
      within: ['[NaN]', null],
    };
    const names = Object.keys(values);
    const line = `{"Email":"a@x.de",${names.map((name) => `${JSON.stringify(name)}:${values[name]?.[0]}`).join(',')}}\n`;
    const { text, warnings } = await propertiesOf('ndjson', line, names);
    const kept = names.filter((name) => values[name]?.[1] !== null).sort();
    const members = kept.map((name) => `${JSON.stringify(name)}:${values[name]?.[1]}`);
    expect(text).toContain(`"properties":{${members.join(',')}}`);
    expect(warnings).toEqual([{ code: 'property_invalid', count: 3 }]);
  });

  it('have a digit before the point where Klaviyo has texts', async () => {
    const content = await parquetFile(`SELECT 'a@x.de' AS "Email", (-0.5)::DECIMAL(4,4) AS "V"`);
    const snapshot = folder.files('S', 'parquet', [{ content, rows: 1 }]);
    const ran = await plan(folder.job([snapshot], { mapping: { email: 'Email', externalId: 'V', title: 'V' } }));
    const [person] = await staged.people(ran);
    expect(person?.attributes).toEqual({ email: 'a@x.de', external_id: '-0.5000', title: '-0.5000' });
  });

  const textual = {
    email: 'Email',
    externalId: 'Id',
    title: 'Title',
    phoneNumber: 'Phone',
    image: 'Image',
    locale: 'Locale',
    location: { zip: 'Zip', timezone: 'Zone' },
  };
  const columns = ['Id', 'Title', 'Phone', 'Image', 'Locale', 'Zip', 'Zone'];
  const eachLeftOut = ['phone', 'external_id', 'image', 'locale', 'timezone', 'attribute'].map((name) => ({
    code: `${name}_invalid`,
    count: name === 'attribute' ? 2 : 1,
  }));

  it.each(['nan', 'inf', '-inf'].flatMap((value) => ['DOUBLE', 'FLOAT'].map((type) => [value, type])))(
    'are no text where they are no number either: %s in a %s of Parquet',
    async (value, type) => {
      const values = columns.map((name) => `'${value}'::${type} AS "${name}"`);
      const content = await parquetFile(`SELECT 'a@x.de' AS "Email", ${values.join(', ')}`);
      const ran = await plan(folder.job([folder.files('S', 'parquet', [{ content, rows: 1 }])], { mapping: textual }));
      expect((await staged.people(ran)).map(({ attributes }) => attributes)).toEqual([{ email: 'a@x.de' }]);
      expect(planned(ran).warnings).toEqual(eachLeftOut);
    },
  );

  it.each(['NaN', '-NaN', 'Infinity', '-Infinity', '1e400'])(
    'are no text where they are no number either: %s in NDJSON',
    async (value) => {
      const content = `{"Email":"a@x.de",${columns.map((name) => `"${name}":${value}`).join(',')}}\n`;
      const ran = await plan(folder.job([folder.files('S', 'ndjson', [{ content, rows: 1 }])], { mapping: textual }));
      expect((await staged.people(ran)).map(({ attributes }) => attributes)).toEqual([{ email: 'a@x.de' }]);
      expect(planned(ran).warnings).toEqual(eachLeftOut);
    },
  );

  it('stay texts where they are called like what is no number', async () => {
    const mapping = { email: 'Email', externalId: 'Id', title: 'Title', locale: 'Locale', location: { zip: 'Zip' } };
    const attributes = { email: 'a@x.de', external_id: 'NaN', title: 'Infinity', locale: 'nan', location: { zip: '-inf' } };
    const values = { Email: 'a@x.de', Id: 'NaN', Title: 'Infinity', Locale: 'nan', Zip: '-inf' };
    const sql = Object.entries(values).map(([name, value]) => `'${value}' AS "${name}"`);
    for (const [format, content] of [
      ['ndjson', `${JSON.stringify(values)}\n`],
      ['parquet', await parquetFile(`SELECT ${sql.join(', ')}`)],
    ] as const) {
      const snapshot = folder.files('S', format, [{ content, rows: 1 }]);
      const ran = await plan(folder.job([snapshot], { mapping, attempt: format === 'ndjson' ? 1 : 2 }));
      expect((await staged.people(ran)).map((person) => person.attributes)).toEqual([attributes]);
      expect(planned(ran).warnings).toEqual([]);
    }
  });

  it('are too long for an id by the text that is sent', async () => {
    const ids = ['5e254', '-5e253', '5e255', '-5e254', '1e300'];
    const long = `5${'0'.repeat(254)}`;
    const content = {
      ndjson: [...ids, long, `${long}.0`, `${long}0`].map((id, row) => `{"Email":"p${row}@x.de","Id":${id}}\n`).join(''),
      parquet: await parquetFile(
        ids.map((id, row) => `SELECT 'p${row}@x.de' AS "Email", '${id}'::DOUBLE AS "Id"`).join(' UNION ALL '),
      ),
    };
    const mapping = { email: 'Email', externalId: 'Id' };
    for (const [format, rows, lengths, count] of [
      ['ndjson', 8, [255, 255, 0, 0, 0, 255, 255, 0], 4],
      ['parquet', 5, [255, 255, 0, 0, 0], 3],
    ] as const) {
      const snapshot = folder.files('S', format, [{ content: content[format], rows }]);
      const ran = await plan(folder.job([snapshot], { mapping, attempt: rows }));
      const sent = (await staged.people(ran)).map(({ attributes }) => String(attributes['external_id'] ?? '').length);
      expect(sent).toEqual(lengths);
      expect(planned(ran).warnings).toEqual([{ code: 'external_id_invalid', count }]);
    }
  });

  it('become texts where Klaviyo has texts, but for lists and objects', async () => {
    const line = '{"Email":"a@x.de","Id":42,"First":["x"],"Last":true,"Title":{"a":1},"Org":" "}\n';
    const mapping = {
      email: 'Email',
      externalId: 'Id',
      firstName: 'First',
      lastName: 'Last',
      title: 'Title',
      organization: 'Org',
    };
    const ran = await plan(folder.job([folder.files('S', 'ndjson', [{ content: line, rows: 1 }])], { mapping }));
    const [person] = await staged.people(ran);
    expect(person?.attributes).toEqual({ email: 'a@x.de', external_id: '42', last_name: 'true' });
    expect(planned(ran).warnings).toEqual([{ code: 'attribute_invalid', count: 2 }]);
  });
});
