import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Snapshot } from '@courier/contracts';
import { planHere as plan, planned, Staged, type Ran } from './testing/planner-harness';
import { type Column, SnapshotFolder } from './testing/snapshot-folder';

// What model.json says of the parts' CSV is how they are read.
describe('a Customer Insights folder', () => {
  let folder: SnapshotFolder;
  let staged: Staged;
  beforeEach(() => {
    folder = new SnapshotFolder();
    staged = new Staged(folder);
  });
  afterEach(() => folder.remove());

  const columns: Column[] = ['Id', 'Email', 'Name', 'Note'].map((name) => ({ name, dataType: 'string' }));
  const mapping = { email: 'Email', firstName: 'Name', properties: { note: 'Note' } };

  /** One part, and what model.json says of it. */
  function snapshotOf(content: string | Buffer, rows: number, fileFormatSettings: object, model: object = {}): Snapshot {
    const part = folder.part('part-1.csv', content, rows);
    const partitions = [{ name: 'part-1', location: 'https://lake/c/part-1.csv', fileFormatSettings }];
    const entities = [{ $type: 'LocalEntity', name: 'Seg', attributes: columns, partitions }];
    writeFileSync(join(folder.root, 'model.json'), JSON.stringify({ name: 'x', version: '1.0', ...model, entities }));
    const manifest = { manifestUri: folder.uri('model.json'), entity: 'Seg' };
    return { format: 'cdm-csv', ...manifest, partitions: [part], compression: 'none', rowCount: rows };
  }

  const notesOf = async (ran: Ran) =>
    (await staged.people(ran)).map(({ email, attributes }) => [
      email,
      attributes['first_name'],
      (attributes['properties'] as Record<string, unknown> | undefined)?.['note'],
    ]);

  const values: [string, string, string][] = [
    ['a@x.de', 'Zoë', '"VIP"'],
    ['b@x.de', 'Bob', '5" pipes'],
    ['c@x.de', 'Cem', 'a, b; c'],
  ];
  const line = (separator: string, cells: readonly string[]) => `C1${separator}${cells.join(separator)}\n`;
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

  it.each<[string, object, (cells: readonly string[]) => string]>([
    ['every cell quoted', {}, (cells) => line(',', cells.map(quoted))],
    [
      'cells quoted where they hold a delimiter',
      { csvStyle: 'CsvStyle.QuoteAfterDelimiter' },
      ([email = '', name = '', note = '']) => line(',', [email, name, /^"|,/.test(note) ? quoted(note) : note]),
    ],
    ['no cell quoted', { quoteStyle: 'QuoteStyle.None', delimiter: '|' }, (cells) => line('|', cells)],
    ['tabs between quoted cells', { delimiter: '\t' }, (cells) => line('\t', cells.map(quoted))],
    ['tabs and no quotation marks', { delimiter: '\t', quoteStyle: 'QuoteStyle.None' }, (cells) => line('\t', cells)],
    ['semicolons', { delimiter: ';', csvStyle: 'CsvStyle.QuoteAfterDelimiter' }, (cells) => line(';', cells.map(quoted))],
  ])('is read as it says: %s', async (_what, settings, written) => {
    const ran = await plan(folder.job([snapshotOf(values.map(written).join(''), 3, settings)], { mapping }));
    expect(await notesOf(ran)).toEqual(values);
    expect(planned(ran)).toMatchObject({ counts: { snapshotRows: 3, invalid: 0, toAdd: 3 }, warnings: [] });
  });

  const csv = values.map((cells) => line(',', cells.map(quoted))).join('');
  const utf16 = Buffer.from(csv, 'utf16le');
  const mark = Buffer.from([0xff, 0xfe]);
  it.each<[string, string | null, Buffer]>([
    ['UTF-8', 'UTF-8', Buffer.from(csv)],
    ['UTF-8 with a mark', null, Buffer.from(`\ufeff${csv}`)],
    ['UTF-8 with a mark that says otherwise', 'windows-1252', Buffer.from(`\ufeff${csv}`)],
    ['UTF-16', 'UTF-16', utf16],
    ['UTF-16 with a mark', 'UTF-16', Buffer.concat([mark, utf16])],
    ['UTF-16 with a mark alone', null, Buffer.concat([mark, utf16])],
    ['UTF-16, big end first', 'utf-16BE', Buffer.from(utf16).swap16()],
    ['Windows-1252', 'Windows-1252', Buffer.from(csv, 'latin1')],
    ['Latin 1', 'ISO-8859-1', Buffer.from(csv, 'latin1')],
  ])('is read in the encoding that it names: %s', async (_what, encoding, content) => {
    const ran = await plan(folder.job([snapshotOf(content, 3, { encoding })], { mapping }));
    expect(await notesOf(ran)).toEqual(values);
    expect(planned(ran).warnings).toEqual([]);
  });

  it('has unreadable lines where its bytes are not in the encoding that it has', async () => {
    const ran = await plan(folder.job([snapshotOf(Buffer.from(csv, 'latin1'), 3, {})], { mapping }));
    expect(planned(ran)).toMatchObject({ invalidReasons: { line_unreadable: 1 }, counts: { toAdd: 2 }, warnings: [] });
  });

  it.each<[string, string]>([
    ['in the order of the attributes', 'Id,Email,Name,Note\nC1,a@x.de,Ada,x\n'],
    ['in another order', 'Note,Name,Id,Email\nx,Ada,C1,a@x.de\n'],
    ['with a column that is not described', 'Id,Extra,Email,Name,Note\nC1,e,a@x.de,Ada,x\n'],
    ['by their titles', 'Customer,E-mail address,First name,Remark\nC1,a@x.de,Ada,x\n'],
  ])('may name its columns in a header line, which is no row: %s', async (_what, content) => {
    const ran = await plan(folder.job([snapshotOf(content, 1, { columnHeaders: true })], { mapping }));
    expect(await notesOf(ran)).toEqual([['a@x.de', 'Ada', 'x']]);
    expect(planned(ran)).toMatchObject({ counts: { snapshotRows: 1 }, warnings: [] });
  });

  it('has rows that lack their last cells, which are empty and counted; rows with more are invalid', async () => {
    const text = 'C1,a@x.de,Ada\nC2,b@x.de\n"C3","c@x.de","C","gold"\nC4\nC5,e@x.de,E,x,y\n';
    const ran = await plan(folder.job([snapshotOf(text, 5, {})], { mapping }));
    expect(await notesOf(ran)).toEqual([
      ['a@x.de', 'Ada', undefined],
      ['b@x.de', undefined, undefined],
      ['c@x.de', 'C', 'gold'],
    ]);
    expect(planned(ran)).toMatchObject({
      counts: { snapshotRows: 5, invalid: 2, toAdd: 3 },
      invalidReasons: { line_unreadable: 1, email_missing: 1 },
      warnings: [{ code: 'row_short', count: 3 }],
    });
    expect((await staged.invalidRows(planned(ran).invalid)).map(({ row, code }) => [row, code])).toEqual([
      [4, 'email_missing'],
      [5, 'line_unreadable'],
    ]);
  });

  it('may have parts of several kinds', async () => {
    const parts = [
      folder.part('a.csv', 'C1;a@x.de;A;"x"\n', 1),
      folder.part('b.csv', '"C2","b@x.de","B","y"\n', 1),
      folder.part('c.csv', 'C3;c@x.de;C;z"\n', 1),
    ];
    const plain = { delimiter: ';', quoteStyle: 'QuoteStyle.None' };
    const partitions = [
      { location: 'c.csv', fileFormatSettings: plain },
      { location: 'b.csv', fileFormatSettings: null },
      { location: 'a.csv', fileFormatSettings: plain },
      { location: 'old.csv', fileFormatSettings: { $type: 'OtherSettings' } },
    ];
    const snapshot = snapshotOf('', 0, {});
    writeFileSync(
      join(folder.root, 'model.json'),
      JSON.stringify({ entities: [{ name: 'Seg', attributes: columns, partitions }] }),
    );
    const ran = await plan(folder.job([{ ...snapshot, partitions: parts, rowCount: 3 }], { mapping }));
    expect(await notesOf(ran)).toEqual([
      ['a@x.de', 'A', '"x"'],
      ['b@x.de', 'B', 'y'],
      ['c@x.de', 'C', 'z"'],
    ]);
  });
});

interface Case {
  entity: string;
  parts: [[string, number]];
  mapping: { email: string };
}

describe('a folder that went wrong once', () => {
  let folder: SnapshotFolder;
  beforeEach(() => void (folder = new SnapshotFolder()));
  afterEach(() => folder.remove());

  async function planCase(name: string) {
    const given = (file: string) => readFileSync(join(__dirname, 'testing/cases', name, file), 'utf8');
    const { entity, parts, mapping } = JSON.parse(given('case.json')) as Case;
    const [[file, rows]] = parts;
    const partitions = [folder.part(file, given(file), rows)];
    writeFileSync(join(folder.root, 'model.json'), given('model.json').replaceAll('__DIR__', folder.uri('')));
    const manifest = { manifestUri: folder.uri('model.json'), entity };
    const snapshot: Snapshot = { format: 'cdm-csv', ...manifest, partitions, compression: 'none', rowCount: rows };
    const ran = await plan(folder.job([snapshot], { mapping }));
    const people = await new Staged(folder).people(ran);
    const { counts, warnings } = planned(ran);
    return { people: people.map(({ attributes }) => attributes), invalid: counts.invalid, warnings };
  }

  const person = (name: string, id: string, first_name: string, properties?: object) => ({
    email: `${name}@c${id}.example-mail.com`,
    first_name,
    ...(properties === undefined ? {} : { properties }),
  });

  it.each<[string, object[], object[]]>([
    [
      '04-cdm-quote-style-none',
      [
        person('ana', '04', 'Ana', { note: '"VIP"' }),
        person('bob', '04', 'Bob', { note: '5" pipes' }),
        person('cem', '04', 'Cem', { note: 'plain' }),
      ],
      [],
    ],
    [
      '05-cdm-quote-after-delimiter',
      [
        person('ana', '05', 'Ana', { note: '5" pipes' }),
        person('bob', '05', 'Bob', { note: 'a, b' }),
        person('cem', '05', 'Cem', { note: 'plain' }),
      ],
      [],
    ],
    [
      '08-cdm-narrow-rows',
      [person('ana', '08', 'Ana'), person('bob', '08', 'Bob'), person('cem', '08', 'Cem', { tier: 'gold' })],
      [{ code: 'row_short', count: 2 }],
    ],
    [
      '07-cdm-dates',
      [
        ['ana', '2026-11-24T02:15:44.0000000+00:00'],
        ['bob', '2026-11-24T02:15:44.0000000'],
        ['cem', '2026-11-24T02:15:44'],
      ].map(([name = '', last_order]) => ({ email: `${name}@c07.example-mail.com`, properties: { last_order } })),
      [],
    ],
    ['09-cdm-nulls-in-manifest', [person('ana', '09', 'Ana'), person('bob', '09', 'Bob')], []],
    ['10-cdm-https-locations', [person('ana', '10', 'Ana'), person('bob', '10', 'Bob')], []],
  ])('is planned: %s', async (name, people, warnings) => {
    expect(await planCase(name)).toEqual({ people, invalid: 0, warnings });
  });
});
