import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parquetFile } from './testing/parquet-file';
import { planHere as plan, planned, Staged, type Ran } from './testing/planner-harness';
import { csvLine, SnapshotFolder } from './testing/snapshot-folder';

const mapping = { email: 'Email', firstName: 'Name', properties: { points: 'Points' } };
const people = [
  ['a@x.de', 'Zoë', '1'],
  ['b@x.de', 'line\nbreak, "quoted"', '2'],
  [' A@X.DE ', 'again', '3'],
  ['nobody', 'x', '4'],
] as const;
const header = 'Email,Name,Points\r\n';
const csv = header + people.map((row) => csvLine(row).replace(/\n$/, '\r\n')).join('');
const ndjson = people.map(([Email, Name, Points]) => `${JSON.stringify({ Email, Name, Points: Number(Points) })}\n`).join('');
const parquetQuery = `SELECT * FROM (VALUES ${people
  .map(([email, name, points]) => `('${email}', '${name}', ${points})`)
  .join(', ')}) AS people("Email", "Name", "Points")`;

describe('a snapshot of another format', () => {
  let folder: SnapshotFolder;
  let staged: Staged;
  beforeEach(() => {
    folder = new SnapshotFolder();
    staged = new Staged(folder);
  });
  afterEach(() => folder.remove());

  const attributesOf = async (ran: Ran) => (await staged.people(ran)).map(({ attributes }) => attributes);
  const rowsOf = async (ran: Ran) =>
    (await staged.invalidRows(planned(ran).invalid)).map(({ file, row, code }) => `${file} ${row} ${code}`);

  const utf16 = (text: string): Buffer => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
  it.each<[string, 'csv' | 'ndjson', Buffer, 'none' | 'gzip']>([
    ['CSV', 'csv', Buffer.from(csv), 'none'],
    ['CSV with a byte order mark and without a last line end', 'csv', Buffer.from(`\ufeff${csv.trimEnd()}`), 'none'],
    ['CSV in UTF-16, little end first', 'csv', utf16(csv), 'none'],
    ['CSV in UTF-16, big end first', 'csv', utf16(csv).swap16(), 'none'],
    ['CSV as gzip', 'csv', gzipSync(csv), 'gzip'],
    ['CSV in UTF-16 as gzip', 'csv', gzipSync(utf16(csv)), 'gzip'],
    ['NDJSON', 'ndjson', Buffer.from(ndjson), 'none'],
    [
      'NDJSON with a byte order mark, CRLF and blank lines',
      'ndjson',
      Buffer.from(`\ufeff${ndjson.replaceAll('\n', '\r\n\r\n')}`),
      'none',
    ],
    [
      'NDJSON as gzip of two members',
      'ndjson',
      Buffer.concat([gzipSync(ndjson.slice(0, 30)), gzipSync(ndjson.slice(30))]),
      'gzip',
    ],
  ])('is planned like any other: %s', async (_what, format, content, compression) => {
    const ran = await plan(folder.job([folder.files('S', format, [{ content, rows: 4 }], compression)], { mapping }));
    const points = (value: number) => (format === 'csv' ? String(value) : value);
    expect(await attributesOf(ran)).toEqual([
      { email: 'a@x.de', first_name: 'Zoë', properties: { points: points(1) } },
      { email: 'b@x.de', first_name: 'line\nbreak, "quoted"', properties: { points: points(2) } },
    ]);
    expect(planned(ran)).toMatchObject({ counts: { snapshotRows: 4, duplicates: 1, invalid: 1, toAdd: 2 }, warnings: [] });
    expect(await rowsOf(ran)).toEqual([`S_1.${format}${compression === 'gzip' ? '.gz' : ''} 4 email_malformed`]);
  });

  it.each(['none', 'gzip'] as const)('is planned like any other: Parquet, packed once more as %s', async (compression) => {
    const file = await parquetFile(parquetQuery);
    const content = compression === 'gzip' ? gzipSync(file) : file;
    const ran = await plan(folder.job([folder.files('S', 'parquet', [{ content, rows: 4 }], compression)], { mapping }));
    expect(await attributesOf(ran)).toEqual([
      { email: 'a@x.de', first_name: 'Zoë', properties: { points: 1 } },
      { email: 'b@x.de', first_name: 'line\nbreak, "quoted"', properties: { points: 2 } },
    ]);
    expect(planned(ran)).toMatchObject({ counts: { snapshotRows: 4, duplicates: 1, invalid: 1, toAdd: 2 }, warnings: [] });
    expect(await rowsOf(ran)).toEqual([`S_1.parquet${compression === 'gzip' ? '.gz' : ''} 4 email_malformed`]);
  });

  it('is read as Windows-1252 where most of what is not ASCII is no UTF-8, and says so', async () => {
    const windows = Buffer.from('Email,Name\na@x.de,Zo\xeb \x80\nb@x.de,J\xfcrgen\nc@x.de,Ada\n', 'latin1');
    const ascii = Buffer.from('Email,Name\nd@x.de,Bob\n');
    const snapshot = folder.files('S', 'csv', [
      { content: windows, rows: 3 },
      { content: ascii, rows: 1 },
    ]);
    const ran = await plan(folder.job([snapshot], { mapping: { email: 'Email', firstName: 'Name' } }));
    expect((await attributesOf(ran)).map((attributes) => attributes['first_name'])).toEqual(['Zoë €', 'Jürgen', 'Ada', 'Bob']);
    expect(planned(ran).warnings).toEqual([{ code: 'encoding_assumed', count: 1 }]);
  });

  it('stays UTF-8 where most of what is not ASCII is that: the others are unreadable lines', async () => {
    const content = Buffer.concat([
      Buffer.from('Email,Name\na@x.de,Zoë\nb@x.de,Jürgen\nc@x.de,Zo'),
      Buffer.from([0xeb]),
      Buffer.from('\n'),
    ]);
    const ran = await plan(folder.job([folder.files('S', 'csv', [{ content, rows: 3 }])], { mapping: { email: 'Email' } }));
    expect(await rowsOf(ran)).toEqual(['S_1.csv 3 line_unreadable']);
    expect(planned(ran)).toMatchObject({ counts: { toAdd: 2 }, warnings: [] });
  });

  it('lists broken lines with file and line, and loses no neighbour', async () => {
    const lines = [
      '{"Email":"a@x.de"}',
      '{"Email":"b@',
      '[1]',
      '{"Email":"c@x.de"} x',
      '{"Email":5}',
      '{"Email":"d@x.de"',
      '{"Email":"e@x.de"}',
    ];
    const broken = folder.files('N', 'ndjson', [
      { content: lines.join('\n'), rows: 7 },
      { content: '{"Email":"\\ud800@x.de"}\n{"Email":"f@x.de"}\n{"a":"\tb"}\n', rows: 3 },
    ]);
    const text = 'Email,Name\na@x.de,1\nb@x.de\n"c@x.de,3\n"g@x.de",\n';
    const csvSnapshot = folder.files('C', 'csv', [{ content: text, rows: 4 }]);
    const ran = await plan(folder.job([broken, csvSnapshot], { mapping: { email: 'Email' } }));
    expect(await rowsOf(ran)).toEqual([
      'N_1.ndjson 2 line_unreadable',
      'N_1.ndjson 3 line_unreadable',
      'N_1.ndjson 4 line_unreadable',
      'N_1.ndjson 5 email_malformed',
      'N_1.ndjson 6 line_unreadable',
      'N_2.ndjson 1 line_unreadable',
      'N_2.ndjson 3 line_unreadable',
      'C_1.csv 2 line_unreadable',
      'C_1.csv 3 line_unreadable',
    ]);
    expect((await staged.people(ran)).map(({ email }) => email)).toEqual(['a@x.de', 'e@x.de', 'f@x.de', 'g@x.de']);
    expect(planned(ran)).toMatchObject({
      counts: { snapshotRows: 14, duplicates: 1, invalid: 9 },
      invalidReasons: { line_unreadable: 8, email_malformed: 1 },
    });
  });

  it('counts rows that are too long, and keeps no more of them than a row may have', async () => {
    const long = 'x'.repeat(1_200_000);
    const snapshots = [
      folder.files('C', 'csv', [{ content: `Email,Name\n"a@x.de","${long}"\nb@x.de,B\n`, rows: 2 }]),
      folder.files('N', 'ndjson', [{ content: `{"Email":"c@x.de","Name":"${long}"}\n{"Email":"d@x.de"}\n`, rows: 2 }]),
      folder.files('P', 'parquet', [
        {
          content: await parquetFile(`SELECT 'e@x.de' AS "Email", repeat('x', 1200000) AS "Name" UNION ALL SELECT 'f@x.de', 'F'`),
          rows: 2,
        },
      ]),
    ];
    const ran = await plan(folder.job(snapshots, { mapping }));
    expect((await staged.people(ran)).map(({ email }) => email)).toEqual(['b@x.de', 'd@x.de', 'f@x.de']);
    expect(planned(ran).invalidReasons).toEqual({ line_unreadable: 2, profile_too_large: 1 });
  });

  it('may have its columns in another order in each part, and miss some in one', async () => {
    const snapshot = folder.files('S', 'csv', [
      { content: 'Email,Name,Points\na@x.de,A,1\n', rows: 1 },
      { content: 'Points,"Name", Email\n2,B,b@x.de\n', rows: 1 },
      { content: 'Email,Other\nc@x.de,x\n', rows: 1 },
      { content: 'Name\nD\n', rows: 1 },
    ]);
    const ran = await plan(folder.job([snapshot], { mapping }));
    expect(await attributesOf(ran)).toEqual([
      { email: 'a@x.de', first_name: 'A', properties: { points: '1' } },
      { email: 'b@x.de', first_name: 'B', properties: { points: '2' } },
      { email: 'c@x.de' },
    ]);
    expect(await rowsOf(ran)).toEqual(['S_4.csv 1 email_missing']);
    expect(planned(ran).warnings).toEqual([{ code: 'column_missing', count: 3, columns: ['Email', 'Name', 'Points'] }]);
  });

  it('may miss a column in one part of each format', async () => {
    const parquet = [parquetQuery, `SELECT 'c@x.de' AS "Email"`, `SELECT 'D' AS "Name"`];
    const snapshots = [
      folder.files('N', 'ndjson', [
        { content: `${'{"Email":"n1@x.de"}\n'.repeat(2100)}{"Email":"n2@x.de","Points":2}\n`, rows: 2101 },
        { content: '{"Email":"n3@x.de","Name":"N"}\n', rows: 1 },
      ]),
      folder.files('P', 'parquet', [
        { content: await parquetFile(parquet[0] ?? ''), rows: 4 },
        { content: await parquetFile(parquet[1] ?? ''), rows: 1 },
        { content: await parquetFile(parquet[2] ?? ''), rows: 1 },
      ]),
    ];
    const ran = await plan(folder.job(snapshots, { mapping }));
    expect((await staged.people(ran)).map(({ email }) => email)).toEqual([
      'n1@x.de',
      'n2@x.de',
      'n3@x.de',
      'a@x.de',
      'b@x.de',
      'c@x.de',
    ]);
    expect(await rowsOf(ran)).toEqual(['P_1.parquet 4 email_malformed', 'P_3.parquet 1 email_missing']);
    expect(planned(ran).warnings).toEqual([{ code: 'column_missing', count: 5, columns: ['Name', 'Points', 'Email'] }]);
  });

  it.each<['csv' | 'ndjson', string]>([
    ['csv', 'Mail,Name\na@x.de,A\n'],
    ['ndjson', '{"Mail":"a@x.de"}\n'],
  ])('is refused when no part of it has the e-mail column: %s', async (format, content) => {
    const part = { content, rows: 1 };
    const ran = await plan(folder.job([folder.files('S', format, [part, part])], { mapping }));
    expect(ran.outcome).toMatchObject({ kind: 'failed', code: 'email_column_missing', detail: expect.stringContaining('Email') });
  });

  it('is refused when no part of it has the e-mail column: parquet', async () => {
    const part = { content: await parquetFile(`SELECT 'a@x.de' AS "Mail"`), rows: 1 };
    const ran = await plan(folder.job([folder.files('S', 'parquet', [part])], { mapping }));
    expect(ran.outcome).toMatchObject({ kind: 'failed', code: 'email_column_missing' });
  });

  it('finds each key of NDJSON as it is written, the first of several, and none inside another value', async () => {
    const names = ['tier', 'Tier', 'a/b', '~"\\', 'é', '', 'only null', 'inside', '0', '__proto__', 'late'];
    const first =
      '{"Tier":"upper","tier":"lower","tier":"again","a/b":1.50,"~\\"\\\\":"marks","\\u00e9":"\\u00e9","":"nameless",';
    const lines = [
      `${first}"only null":null,"list":[{"inside":1}],"__proto__":{"a":1},"Email":"a@x.de"}\n`,
      '["no object"]\n',
      ...Array.from({ length: 2_100 }, (_, row) => `{"Email":"p${row}@x.de"}\n`),
      '{"Email":"z@x.de","late":true}\n',
    ];
    const snapshot = folder.files('S', 'ndjson', [{ content: lines.join(''), rows: lines.length }]);
    const properties = Object.fromEntries(names.map((name, at) => [`p${at}`, name]));
    const ran = await plan(folder.job([snapshot], { mapping: { email: 'Email', properties } }));
    const sent = (await attributesOf(ran)).map((attributes) => attributes['properties']);
    const values = { p0: 'lower', p1: 'upper', p2: 1.5, p3: 'marks', p4: 'é', p5: 'nameless', p9: { a: 1 } };
    expect([sent[0], sent.at(-1)]).toEqual([values, { p10: true }]);
    expect(planned(ran).warnings).toEqual([{ code: 'column_missing', count: 2, columns: ['inside', '0'] }]);
  });

  it('may be empty in every way', async () => {
    const nobody = await parquetFile(`${parquetQuery} LIMIT 0`);
    const empties = [
      folder.files('A', 'csv', []),
      folder.files('B', 'csv', [{ content: '', rows: 0 }]),
      folder.files('C', 'csv', [{ content: 'Email,Name\r\n', rows: 0 }]),
      folder.files(
        'D',
        'csv',
        [
          { content: gzipSync(''), rows: 0 },
          { content: '', rows: 0 },
        ],
        'gzip',
      ),
      folder.files('E', 'ndjson', [{ content: '\n \n', rows: 0 }]),
      folder.files('F', 'parquet', [{ content: nobody, rows: 0 }]),
      folder.files('G', 'csv', [{ content: utf16(''), rows: 0 }]),
    ];
    const ran = await plan(folder.job(empties, { mapping }));
    expect(planned(ran)).toMatchObject({ counts: { snapshotRows: 0, toAdd: 0 }, batches: [] });
  });

  it('may be one of several that are joined: the first row in their order wins, whatever its format', async () => {
    const snapshots = [
      folder.files('First', 'ndjson', [{ content: '{"Email":"A@x.de","Name":"json"}\n', rows: 1 }]),
      folder.files('Second', 'parquet', [{ content: await parquetFile(parquetQuery), rows: 4 }]),
      folder.people('Third', [csvLine(['1', 'b@x.de', 'cdm']), csvLine(['2', 'c@x.de', 'cdm'])]),
      folder.files('Fourth', 'csv', [{ content: gzipSync('Email,Name\nc@x.de,csv\nd@x.de,csv\n'), rows: 2 }], 'gzip'),
    ];
    const columns = { email: 'Email', firstName: 'Name' };
    const ran = await plan(folder.job(snapshots, { mapping: columns }));
    expect((await attributesOf(ran)).map(({ email, first_name }) => [email, first_name])).toEqual([
      ['a@x.de', 'json'],
      ['b@x.de', 'line\nbreak, "quoted"'],
      // Customer Insights' folder calls the column FirstName.
      ['c@x.de', undefined],
      ['d@x.de', 'csv'],
    ]);
    expect(planned(ran).counts).toMatchObject({ snapshotRows: 9, duplicates: 4, invalid: 1, toAdd: 4 });
  });

  it('may have a hundred parts', async () => {
    const parts = Array.from({ length: 100 }, (_, number) => ({
      content: `Email,Name\np${number}-1@x.de,A\np${number}-2@x.de,B\n`,
      rows: 2,
    }));
    const ran = await plan(folder.job([folder.files('S', 'csv', parts)], { mapping }));
    expect((await staged.people(ran)).map(({ email }) => email)).toEqual(
      parts.flatMap((_, number) => [`p${number}-1@x.de`, `p${number}-2@x.de`]),
    );
  });
});
