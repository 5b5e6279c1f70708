import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { planHere as plan, planned, Staged } from '../testing/planner-harness';
import { csvLine, SnapshotFolder } from '../testing/snapshot-folder';

// A cell becomes what its attribute's dataType says, as the model's culture spells it; or it is left out, and counted.
describe('a typed column of a Customer Insights folder', () => {
  let folder: SnapshotFolder;
  let staged: Staged;
  let attempt = 0;
  beforeEach(() => {
    folder = new SnapshotFolder();
    staged = new Staged(folder);
  });
  afterEach(() => folder.remove());

  interface Typed {
    dataType?: string;
    culture?: string | null;
  }

  /** What is sent of each text as JSON, null where nothing is; and the warnings. */
  async function sentOf(texts: readonly string[], { dataType, culture = null }: Typed) {
    const columns = [{ name: 'Email' }, { name: 'Value', ...(dataType === undefined ? {} : { dataType }) }];
    const text = texts.map((value, index) => csvLine([`p${index}@x.de`, value])).join('');
    const snapshot = folder.snapshot('S', columns, [{ text, rows: texts.length }]);
    const manifest = join(folder.root, 'S.model.json');
    writeFileSync(manifest, JSON.stringify({ ...(JSON.parse(readFileSync(manifest, 'utf8')) as object), culture }));
    const ran = await plan(
      folder.job([snapshot], { attempt: ++attempt, mapping: { email: 'Email', properties: { value: 'Value' } } }),
    );
    const lines = (await staged.texts(ran.staged)).join('').trimEnd().split('\n');
    const sent = lines.map((line) => /"properties":\{"value":(.*)\}\}\}$/.exec(line)?.[1] ?? null);
    return { sent, warnings: planned(ran).warnings };
  }

  async function expectSent(typed: Typed, values: readonly (readonly [string, string | null])[]): Promise<void> {
    const { sent, warnings } = await sentOf(
      values.map(([text]) => text),
      typed,
    );
    expect(values.map(([text], index) => [text, sent[index]])).toEqual(values);
    const leftOut = values.filter(([text, json]) => json === null && text.trim() !== '').length;
    expect(warnings).toEqual(leftOut === 0 ? [] : [{ code: 'property_invalid', count: leftOut }]);
  }

  const left = (...texts: string[]) => texts.map((text) => [text, null] as const);
  const same = (...texts: string[]) => texts.map((text) => [text, text] as const);
  const quoted = (...texts: string[]) => texts.map((text) => [text, JSON.stringify(text)] as const);

  it('is text by default', () => expectSent({}, quoted('1', 'true', '2026-11-24', 'x"y')));

  it.each(['string', 'guid', 'time', 'JSON', 'unclassified', 'hologram'])('is text: %s', (dataType) =>
    expectSent({ dataType, culture: 'de-DE' }, quoted('1,5', '24.11.2026', '{"a":1}')),
  );

  it('is true or false: Boolean', () =>
    expectSent({ dataType: 'Boolean' }, [
      ['True', 'true'],
      [' 1 ', 'true'],
      ['0', 'false'],
      ...left('yes', 'maybe'),
      ['', null],
    ]));

  it.each(['int64', 'Int32', 'byte'])('is a whole number: %s', (dataType) =>
    expectSent({ dataType }, [
      ...same('0', '-7', '9223372036854775807', '-9223372036854775808'),
      [' 42 ', '42'],
      ['+7', '7'],
      ['007', '7'],
      ...left('9223372036854775808', '4.5', '1,000', '1e3', 'x', '0x10', '- 1', 'NaN'),
      [' ', null],
    ]),
  );

  it('is a floating number: double', () =>
    expectSent({ dataType: 'double' }, [
      ...same('1.5', '-0.25', '0.1'),
      ['.5', '0.5'],
      ['1E-3', '0.001'],
      ['+2.50', '2.5'],
      ...left('1,5', '1.2.3', '1e400', 'NaN', 'Infinity', '-Infinity', '1 000.5', '١'),
    ]));

  it('is a number in all its digits: decimal', () =>
    expectSent({ dataType: 'decimal' }, [
      ...same('12345678901234567890.123456789', '0', '-1.50', '1E-7'),
      ['+007.50', '7.50'],
      ['-.5', '-0.5'],
      ['00', '0'],
      ...left('1,5', '1.', 'NaN', '1e999', '$5'),
    ]));

  it.each<[string, readonly (readonly [string, string | null])[]]>([
    ['en-US', [['1,234.5', '1234.5'], ['1,234,567', '1234567'], ['1.5', '1.5'], ...left('1,5', '1.234,5', '12,34', ',5')]],
    [
      'de-DE',
      [['1.234,5', '1234.5'], ['1,5', '1.5'], ['1.234', '1234'], ['1234567,5', '1234567.5'], ...left('1.5', '1,234.5', '1.5e3')],
    ],
    [
      'de-DE',
      [
        [',5', '0.5'],
        ['-1,5E-2', '-1.5E-2'],
        ['1.234.567', '1234567'],
      ],
    ],
    ['fr-FR', [['1\u202f234,5', '1234.5'], ['1\u00a0234,5', '1234.5'], ['1 234,5', '1234.5'], ...left('1.5', '1 23,5')]],
    ['de-CH', [["1'234.5", '1234.5'], ['1’234.5', '1234.5'], ...left('1,5')]],
    [
      'sv-SE',
      [
        ['\u22121,5', '-1.5'],
        ['-1,5', '-1.5'],
      ],
    ],
    ['hi-IN', [['12,34,567.5', '1234567.5'], ...left('1,2,3')]],
    ['ar-EG', [['1.5', '1.5'], ...left('١٫٥')]],
  ])('spells numbers as its culture does: %s', (culture, values) => expectSent({ dataType: 'decimal', culture }, values));

  it('has groups in whole and floating numbers too, where its culture has them', async () => {
    await expectSent({ dataType: 'int64', culture: 'de-DE' }, [
      ['1.234', '1234'],
      ['-1.234.567', '-1234567'],
      ...left('1,5', '1.5'),
    ]);
    await expectSent({ dataType: 'double', culture: 'de-DE' }, [['1.234,25', '1234.25'], ...left('1.25')]);
  });

  const isoDates = [
    '2026-11-24T02:15:44.0000000+00:00',
    '2026-11-24T02:15:44.0000000',
    '2026-11-24T02:15:44Z',
    '2026-11-24T02:15:44,5+0100',
    '2026-11-24T02:15-05',
    '2026-11-24',
    '20261124T021544Z',
    '20261124',
    '0001-01-01T00:00:00',
    '2024-02-29',
  ];
  const noDates = [
    '2026-02-29',
    '2026-13-01',
    '2026-11-24T25:00:00',
    '2026-11-24T02:60:00',
    '2026-11-24T',
    '20260229',
    '2026-11-24 24:15:00',
    '2026-11-24 13:15 PM',
    '24. November 2026',
    'yesterday',
    '11/24/26',
    '1795545344',
    '24/11',
    '45985.5',
  ];

  it.each(['dateTime', 'dateTimeOffset', 'Date'])('is a date, in ISO 8601 as it is written: %s', (dataType) =>
    expectSent({ dataType }, [...quoted(...isoDates), ...left(...noDates, '11/24/2026', '24.11.2026 2:15:44'), ['', null]]),
  );

  it.each<[string | null, readonly (readonly [string, string | null])[]]>([
    [
      'en-US',
      [
        ['11/24/2026 2:15:44 AM', '2026-11-24T02:15:44'],
        ['11/24/2026 12:15:44 AM', '2026-11-24T00:15:44'],
        ['11/24/2026 12:15 PM', '2026-11-24T12:15:00'],
        ['11/24/2026, 2:15:44\u202fpm', '2026-11-24T14:15:44'],
        ['1/2/2026', '2026-01-02'],
        ['11/24/2026 2:15:44 AM +01:00', '2026-11-24T02:15:44+01:00'],
        ['11/24/2026 14:15:44.1234567', '2026-11-24T14:15:44.1234567'],
        ...left('24/11/2026', '11/24/2026 0:15 AM', '11/24/2026 13:15 PM', '2/29/2026'),
      ],
    ],
    [
      'de-DE',
      [
        ['24.11.2026 02:15:44', '2026-11-24T02:15:44'],
        ['1.2.2026', '2026-02-01'],
        ['24/11/2026', '2026-11-24'],
        ...left('11/24/2026', '24.11.26', '32.1.2026'),
      ],
    ],
    [
      'en-GB',
      [
        ['24/11/2026 02:15:44', '2026-11-24T02:15:44'],
        ['01/02/2026', '2026-02-01'],
      ],
    ],
    ['fi-FI', [['24.11.2026 2.15.44', '2026-11-24T02:15:44']]],
    ['hu-HU', [['2026. 11. 24. 2:15:44', '2026-11-24T02:15:44'], ...left('24.11.2026')]],
    ['ja-JP', [['2026/11/24 2:15:44', '2026-11-24T02:15:44'], ...left('11/24/2026')]],
    ['sv-SE', [['2026-11-24 02:15:44', '2026-11-24T02:15:44'], ...left('24/11/2026')]],
    ['th-TH', left('24/11/2569', '24/11/2026')],
    [
      null,
      [
        ['2026-11-24 02:15:44', '2026-11-24T02:15:44'],
        ['2026-11-24 02:15:44.123 +00:00', '2026-11-24T02:15:44.123+00:00'],
        ['2026/11/24', '2026-11-24'],
      ],
    ],
  ])('spells dates as its culture does: %s', async (culture, values) => {
    const json = values.map(([text, iso]) => [text, iso === null ? null : JSON.stringify(iso)] as const);
    await expectSent({ dataType: 'dateTime', culture }, [...json, ...quoted(...isoDates), ...left(...noDates)]);
  });

  it('is a text where it fills an attribute', async () => {
    const columns = [{ name: 'Email' }, { name: 'Day', dataType: 'dateTime' }, { name: 'Number', dataType: 'decimal' }];
    const text = csvLine(['a@x.de', '24.11.2026', 'x']) + csvLine(['b@x.de', '', '5']);
    const snapshot = folder.snapshot('S', columns, [{ text, rows: 2 }]);
    const mapping = { email: 'Email', title: 'Day', externalId: 'Number', properties: { twice: 'Number', again: 'Number' } };
    const ran = await plan(folder.job([snapshot], { mapping }));
    expect((await staged.people(ran)).map(({ attributes }) => attributes)).toEqual([
      { email: 'a@x.de', title: '24.11.2026', external_id: 'x' },
      { email: 'b@x.de', external_id: '5', properties: { twice: 5, again: 5 } },
    ]);
    expect(planned(ran).warnings).toEqual([{ code: 'property_invalid', count: 2 }]);
  });

  const spelled = ['1.000', '1.0', '1.000.000', '1,000', '1,0', '1e3', '007', 'x'];
  it.each(
    [null, 'en-US', 'de-DE', 'fr-FR', 'de-CH'].flatMap((culture) =>
      ['int64', 'double', 'decimal'].map((dataType) => [culture, dataType] as const),
    ),
  )('fills an attribute as it is written, so that two ids never become one: %s, %s', async (culture, dataType) => {
    const columns = [{ name: 'Email' }, { name: 'Id', dataType }];
    const text = spelled.map((value, index) => csvLine([`p${index}@x.de`, value])).join('');
    const snapshot = folder.snapshot('S', columns, [{ text, rows: spelled.length }]);
    const manifest = join(folder.root, 'S.model.json');
    writeFileSync(manifest, JSON.stringify({ ...(JSON.parse(readFileSync(manifest, 'utf8')) as object), culture }));
    const mapping = { email: 'Email', title: 'Id', externalId: 'Id', properties: {} };
    const ran = await plan(folder.job([snapshot], { mapping }));
    const sent = (await staged.people(ran)).map(({ attributes }) => attributes);
    expect(sent).toEqual(spelled.map((id, index) => ({ email: `p${index}@x.de`, title: id, external_id: id })));
  });
});
