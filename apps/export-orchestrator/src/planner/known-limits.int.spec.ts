import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parquetFile } from './testing/parquet-file';
import { planHere as plan, planned, Staged } from './testing/planner-harness';
import { csvLine, SnapshotFolder } from './testing/snapshot-folder';

const NUL = '\0';

describe('what Klaviyo is known not to take', () => {
  let folder: SnapshotFolder;
  let staged: Staged;
  beforeEach(() => {
    folder = new SnapshotFolder();
    staged = new Staged(folder);
  });
  afterEach(() => folder.remove());

  const mapping = {
    email: 'Email',
    externalId: 'Id',
    phoneNumber: 'Phone',
    locale: 'Locale',
    image: 'Image',
    location: { timezone: 'Zone' },
  };
  const columns = ['Email', 'Id', 'Phone', 'Locale', 'Image', 'Zone'] as const;
  const names = { Id: 'external_id', Phone: 'phone_number', Locale: 'locale', Image: 'image', Zone: 'timezone' } as const;

  async function sent(column: keyof typeof names, attempt: number, values: readonly string[]) {
    const lines = values.map((value, row) =>
      csvLine(columns.map((name) => (name === 'Email' ? `p${row}@x.de` : name === column ? value : ''))),
    );
    const snapshot = folder.files('S', 'csv', [{ content: csvLine(columns) + lines.join(''), rows: values.length }]);
    const ran = await plan(folder.job([snapshot], { mapping, attempt }));
    const people = await staged.people(ran);
    expect(people).toHaveLength(values.length);
    const found = people.map(
      ({ attributes }) => ({ ...attributes, ...(attributes['location'] as object | undefined) }) as Record<string, unknown>,
    );
    return { values: found.map((attributes) => attributes[names[column]]), warnings: planned(ran).warnings };
  }

  const good = {
    Id: ['1', 'x'.repeat(255), 'ü'.repeat(255), '{"a":1}'],
    Phone: ['+4915550100999', '+1234567'],
    Locale: [
      'en',
      'en-US',
      'de-CH-1996',
      'zh-Hant-TW',
      'zh-cmn-Hans-CN',
      'es-419',
      'sl-rozaj-biske',
      'de-DE-u-co-phonebk',
      'en-x-team',
      'x-own',
      'haw',
    ],
    Image: ['https://cdn.example.com/a.png?x=1#y', 'http://example.com:8080'],
    Zone: [
      'Europe/Berlin',
      'America/Argentina/Buenos_Aires',
      'Asia/Calcutta',
      'Asia/Kolkata',
      'US/Eastern',
      'UTC',
      'Etc/GMT+5',
      'Europe/Kyiv',
    ],
  };
  const bad = {
    Id: ['x'.repeat(256), 'ü'.repeat(300)],
    Phone: ['015550100999', '+0155501009', '+1234567890123456', '+49 155'],
    Locale: ['en_US', 'english language', 'e', 'en-', 'en-US-', '-en', 'en-USA-US-x', 'de-x', 'deutschland-', 'a-b'],
    Image: ['ftp://example.com/a.png', `https://example.com/${'x'.repeat(2_048)}`, 'https://exa mple.com'],
    Zone: ['Europe/Atlantis', 'europe/berlin', 'CEST', 'GMT+2', '+02:00', 'EST5', 'EtcxGMT', 'Europe/Berlin x'],
  };
  const codes = {
    Id: 'external_id_invalid',
    Phone: 'phone_invalid',
    Locale: 'locale_invalid',
    Image: 'image_invalid',
    Zone: 'timezone_invalid',
  } as const;

  it.each(Object.keys(names) as (keyof typeof names)[])(
    'is left out and counted, and what it takes is sent: %s',
    async (column) => {
      expect(await sent(column, 1, good[column])).toEqual({ values: good[column], warnings: [] });
      expect(await sent(column, 2, bad[column])).toEqual({
        values: bad[column].map(() => undefined),
        warnings: [{ code: codes[column], count: bad[column].length }],
      });
    },
  );

  it('is U+0000 in a text: it is removed in every format', async () => {
    const texts = { email: 'Email', firstName: 'Name', properties: { p: 'P', list: 'List' } };
    const row = (email: string) => ({ Email: `${NUL}${email}`, Name: `A${NUL}na${NUL}`, P: `${NUL}x\\u0000`, List: `y${NUL}` });
    const plain = [Object.keys(row('')), Object.values(row('c@x.de'))].map((values) => csvLine(values)).join('');
    const nested = { ...row('n@x.de'), List: [`y${NUL}`, `\\${NUL}\\u0000${NUL}${NUL}`, { [`k${NUL}`]: '\\' }] };
    const sql = Object.entries(row('p@x.de')).map(
      ([name, value]) => `'${value.replaceAll(NUL, "' || chr(0) || '")}' AS "${name}"`,
    );
    const list = `['y' || chr(0)] AS "List"`;
    const snapshots = [
      folder.files('C', 'csv', [{ content: plain, rows: 1 }]),
      folder.snapshot(
        'M',
        Object.keys(row('')).map((name) => ({ name, dataType: 'string' })),
        [{ text: csvLine(Object.values(row('m@x.de'))), rows: 1 }],
      ),
      folder.files('N', 'ndjson', [{ content: `${JSON.stringify(nested)}\n`, rows: 1 }]),
      folder.files('P', 'parquet', [{ content: await parquetFile(`SELECT ${[...sql.slice(0, 3), list].join(', ')}`), rows: 1 }]),
    ];
    const ran = await plan(folder.job(snapshots, { mapping: texts }));
    const common = { first_name: 'Ana' };
    const p = 'x\\u0000';
    expect((await staged.people(ran)).map(({ attributes }) => attributes)).toEqual([
      { ...common, email: 'c@x.de', properties: { list: 'y', p } },
      { ...common, email: 'm@x.de', properties: { list: 'y', p } },
      { ...common, email: 'n@x.de', properties: { list: ['y', '\\\\u0000', { k: '\\' }], p } },
      { ...common, email: 'p@x.de', properties: { list: ['y'], p } },
    ]);
    expect((await staged.texts(ran.staged)).join('')).not.toMatch(/[^\\](\\\\)*\\u0000|\0/);
  });

  it('is the null of databases in CSV: unquoted \\N is nothing, quoted it is a text', async () => {
    const rows = ['a@x.de,\\N,\\N', '\\N,Cem,Rome', 'b@x.de,"\\N",\\Nx', 'c@x.de, \\N,x\\N', 'd@x.de,,""'];
    const texts = { email: 'Email', firstName: 'Name', location: { city: 'City' } };
    const cdm = ['Email', 'Name', 'City'].map((name) => ({ name, dataType: 'string' }));
    for (const snapshot of [
      folder.files('C', 'csv', [{ content: `Email,Name,City\n${rows.join('\n')}\n`, rows: rows.length }]),
      folder.snapshot('M', cdm, [{ text: `${rows.join('\n')}\n`, rows: rows.length }]),
    ]) {
      const ran = await plan(folder.job([snapshot], { mapping: texts, attempt: snapshot.format === 'csv' ? 1 : 2 }));
      expect((await staged.people(ran)).map(({ attributes }) => attributes)).toEqual([
        { email: 'a@x.de' },
        { email: 'b@x.de', first_name: '\\N', location: { city: '\\Nx' } },
        { email: 'c@x.de', first_name: ' \\N', location: { city: 'x\\N' } },
        { email: 'd@x.de' },
      ]);
      expect(planned(ran).invalidReasons).toEqual({ email_missing: 1 });
    }
  });

  it('is a fraction or an exponent of a whole number where it has a text: in NDJSON too, and not in texts', async () => {
    const ids = {
      '1001.0': '1001',
      '1e17': '100000000000000000',
      '1.5': '1.5',
      '-2.00': '-2',
      '"1001.0"': '1001.0',
      '"1e5"': '1e5',
      '42': '42',
    };
    const lines = Object.keys(ids).map((id, row) => `{"Email":"p${row}@x.de","Id":${id}}\n`);
    const snapshot = folder.files('N', 'ndjson', [{ content: lines.join(''), rows: lines.length }]);
    const ran = await plan(folder.job([snapshot], { mapping: { email: 'Email', externalId: 'Id' } }));
    expect((await staged.people(ran)).map(({ attributes }) => attributes['external_id'])).toEqual(
      Object.keys(ids).map((id) => ids[id as keyof typeof ids]),
    );
  });
});
