import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PlanOutcome } from './protocol';
import { planHere as plan, planned, privateFolders, Staged } from './testing/planner-harness';
import { csvLine, emailAndName, SnapshotFolder } from './testing/snapshot-folder';

describe('a plan', () => {
  let folder: SnapshotFolder;
  let staged: Staged;
  beforeEach(() => {
    folder = new SnapshotFolder();
    staged = new Staged(folder);
  });
  afterEach(() => folder.remove());

  const person = (email: string, name = 'Ada', id = '1'): string => csvLine([id, email, name]);

  it('keeps the first row of each address in the order segments, parts, rows', async () => {
    const first = folder.people(
      'First',
      [person('a@x.de', 'A1'), person(' A@X.DE\t', 'A2')],
      [person('b@x.de', 'B1'), person('a@x.de', 'A3')],
    );
    const second = folder.people('Second', [person('\u00a0B@x.de', 'B2'), person('c@x.de', 'C1')]);
    const ran = await plan(folder.job([first, second]));
    expect((await staged.people(ran)).map(({ attributes }) => attributes['first_name'])).toEqual(['A1', 'B1', 'C1']);
    expect(planned(ran).counts).toEqual({ snapshotRows: 6, duplicates: 3, invalid: 0, unchanged: 0, toAdd: 3, toChange: 0 });
    const swapped = await plan(folder.job([second, first], { attempt: 2 }));
    expect((await staged.people(swapped)).map(({ attributes }) => attributes['first_name'])).toEqual(['B2', 'C1', 'A1']);
  });

  it('reads quoted line breaks, quotation marks and text outside ASCII as they are', async () => {
    const names = ['two\nlines', 'two\r\nlines', 'say "hi", please', 'Zoë Łukasz 王 😀', '\\back\t/slash', ' edges '];
    const snapshot = folder.people(
      'S',
      names.map((name, index) => person(`p${index}@x.de`, name)),
    );
    const ran = await plan(folder.job([snapshot]));
    expect((await staged.people(ran)).map(({ attributes }) => attributes['first_name'])).toEqual(names);
  });

  it('lists every row that is no profile by reason, part and record, and the sums hold', async () => {
    const text = [
      person('a@x.de', 'line\nbreak'),
      '"2","b@x.de","x","y"\n',
      person('not an address'),
      person(''),
      '"5","c@x.de","x" y\n',
      person('d@x.de'),
    ];
    const next = [person(`${'e'.repeat(65)}@x.de`), person('f@x.de', 'x'.repeat(100_001)), person('a@x.de')];
    const ran = await plan(folder.job([folder.people('S', text, next)]));
    const { counts, invalid, invalidReasons } = planned(ran);
    expect(counts).toEqual({ snapshotRows: 9, duplicates: 1, invalid: 6, unchanged: 0, toAdd: 2, toChange: 0 });
    expect(invalidReasons).toEqual({
      email_missing: 1,
      email_malformed: 1,
      email_too_long: 1,
      line_unreadable: 2,
      profile_too_large: 1,
    });
    expect(
      (await staged.invalidRows(invalid)).map(({ file, row, code, email }) => [file, row, code, email?.slice(0, 14) ?? null]),
    ).toEqual([
      ['S_1.csv', 2, 'line_unreadable', null],
      ['S_1.csv', 3, 'email_malformed', 'not an address'],
      ['S_1.csv', 4, 'email_missing', null],
      ['S_1.csv', 5, 'line_unreadable', null],
      ['S_2.csv', 1, 'email_too_long', 'eeeeeeeeeeeeee'],
      ['S_2.csv', 2, 'profile_too_large', 'f@x.de'],
    ]);
  });

  it('writes what the mapping says, in the types of the columns, and nothing that is empty', async () => {
    const columns = ['Email', 'Phone', 'Image', 'Locale', 'City', 'Zip', 'Int', 'Num', 'Flag', 'Day', 'Quote'].map((name) => ({
      name,
      dataType: { Int: 'int64', Num: 'decimal', Flag: 'boolean', Day: 'dateTime' }[name] ?? 'string',
    }));
    const full = [
      'a@x.de',
      ' +4915112345678 ',
      'https://x.de/a?b=1',
      'de-DE',
      'Köln',
      '01067',
      '42',
      '12.50',
      'True',
      '2026-01-01T00:00:00Z',
      'x"y',
    ];
    const bad = ['b@x.de', '0151 12345', 'javascript:x', 'german!', '', ' ', '4.5', 'NaN', 'maybe', '', ''];
    const empty = ['c@x.de', '', '', '', '', '', '', '', '', '', ''];
    const lines = [full, bad, empty, bad].map(csvLine);
    const mapping = {
      email: 'Email',
      phoneNumber: 'Phone',
      image: 'Image',
      locale: 'Locale',
      lastName: 'Absent',
      location: { city: 'City', zip: 'Zip' },
      properties: { int: 'Int', num: 'Num', flag: 'Flag', 'it\'s a "day"': 'Day', q: 'Quote' },
    };
    const ran = await plan(folder.job([folder.snapshot('S', columns, [{ text: lines.join(''), rows: 4 }])], { mapping }));
    expect((await staged.people(ran)).map(({ attributes }) => attributes)).toEqual([
      {
        email: 'a@x.de',
        phone_number: '+4915112345678',
        image: 'https://x.de/a?b=1',
        locale: 'de-DE',
        location: { city: 'Köln', zip: '01067' },
        properties: { int: 42, num: 12.5, flag: true, 'it\'s a "day"': '2026-01-01T00:00:00Z', q: 'x"y' },
      },
      { email: 'b@x.de' },
      { email: 'c@x.de' },
    ]);
    expect(planned(ran).warnings).toEqual([
      { code: 'phone_invalid', count: 1 },
      { code: 'image_invalid', count: 1 },
      { code: 'locale_invalid', count: 1 },
      { code: 'property_invalid', count: 3 },
      { code: 'column_missing', count: 1, columns: ['Absent'] },
    ]);
  });

  it('keeps the order of parts that several threads read, and cuts it into batches of 10,000', async () => {
    // A small part beside large ones: whoever reads it is done first.
    const sizes = [12_000, 500, 12_000, 500];
    const lines = sizes.map((size, part) =>
      Array.from({ length: size }, (_, row) => person(`p${part}-${row}@x.de`, 'x'.repeat(row % 1000 === 0 ? 20_000 : 300))),
    );
    const ran = await plan(folder.job([folder.people('S', ...lines)]));
    const people = await staged.people(ran);
    expect(people.map(({ email }) => email)).toEqual(
      sizes.flatMap((size, part) => Array.from({ length: size }, (_, row) => `p${part}-${row}@x.de`)),
    );
    const { batches, object } = planned(ran);
    expect(batches.map(({ number, rows }) => [number, rows])).toEqual([
      [1, 10_000],
      [2, 10_000],
      [3, 5_000],
    ]);
    expect(ran.staged.map(({ number, rows, bytes }) => ({ number, rows, bytes }))).toEqual(batches);
    for (const batch of ran.staged) {
      const profiles = (await staged.batch(batch)).map(({ profile }) => JSON.stringify(profile));
      expect(batch.bytes).toBe(Buffer.byteLength(profiles.join(',')));
    }
    const rows = await staged.table(object, 'SELECT batch, line, identifier FROM $table ORDER BY batch, line');
    expect(rows).toEqual(people.map(({ email }, index) => [Math.floor(index / 10_000) + 1, index % 10_000, email]));
  });

  it('cuts by bytes where profiles are large', async () => {
    const lines = Array.from({ length: 100 }, (_, row) => person(`p${row}@x.de`, 'x'.repeat(99_000)));
    const { batches } = planned(await plan(folder.job([folder.people('S', lines)])));
    expect(batches.map(({ rows }) => rows)).toEqual([45, 45, 10]);
    expect(Math.max(...batches.map(({ bytes }) => bytes))).toBeLessThanOrEqual(4_500_000);
  });

  it('freezes before it stages, and stages only what the parent has made durable', async () => {
    const ran = await plan(folder.job([folder.people('S', [person('a@x.de')])]));
    expect(ran.frozen).toEqual([planned(ran)]);
    expect(ran.phases[0]).toBe('verifying');
    expect(ran.phases).toContain('planning');
  });

  it('is a plan without batches where nothing is to be sent', async () => {
    const nobody = await plan(folder.job([folder.people('S')]));
    expect(planned(nobody)).toMatchObject({ batches: [], invalid: null, counts: { snapshotRows: 0, toAdd: 0 } });
    const onlyBad = await plan(folder.job([folder.people('B', [person('bad')])], { attempt: 2 }));
    expect(planned(onlyBad)).toMatchObject({ batches: [], counts: { snapshotRows: 1, invalid: 1, toAdd: 0 } });
    expect([nobody.frozen.length, onlyBad.frozen.length, onlyBad.staged.length]).toEqual([1, 1, 0]);
  });

  it('stops before it freezes when there are more people than the limit, counting people and not rows', async () => {
    const lines = ['a@x.de', 'A@x.de', 'b@x.de', 'c@x.de', 'bad'].map((email) => person(email));
    const snapshot = folder.people('S', lines);
    const over = await plan(folder.job([snapshot], { profileLimit: 2 }));
    expect(over.outcome).toEqual({
      kind: 'over_limit',
      people: 3,
      limit: 2,
      counts: { snapshotRows: 5, duplicates: 1, invalid: 1, unchanged: 0, toAdd: 3, toChange: 0 },
      invalid: expect.any(Object),
      invalidReasons: { email_malformed: 1 },
    });
    const { invalid } = over.outcome as Extract<PlanOutcome, { kind: 'over_limit' }>;
    expect(await staged.invalidRows(invalid)).toMatchObject([{ code: 'email_malformed', row: 5, email: 'bad' }]);
    expect([over.frozen, over.staged]).toEqual([[], []]);
    expect((await plan(folder.job([snapshot], { profileLimit: 3 }))).outcome.kind).toBe('planned');
  });

  it('leaves nothing in the private folder', async () => {
    await plan(folder.job([folder.people('S', [person('a@x.de')])]));
    await plan(folder.job([{ ...folder.snapshot('T', emailAndName, []), rowCount: 1 }]));
    expect(privateFolders(folder)).toEqual([]);
  });
});
