import { describe, expect, it } from '@jest/globals';
import { cdmEntity, type PartReading, readingOf, readingOfFile } from './cdm-manifest';
import { ManifestError } from './manifest-error';

const attributes = [{ name: 'Email' }];
const manifestOf = (partitions: unknown, model: object = {}) => ({
  ...model,
  entities: [{ $type: 'LocalEntity', name: 'E', attributes, partitions }],
});

/** How a part is read that is described like this; or why it is not. */
function reading(partition: object, model: object = {}): PartReading | string {
  try {
    const entity = cdmEntity(manifestOf([{ location: 'a.csv', ...partition }], model), 'E');
    return readingOf(entity, entity.partitions[0] ?? null);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

const withSettings = (fileFormatSettings: unknown) => reading({ fileFormatSettings });
const withTrait = (...traits: unknown[]) => reading({ 'cdm:traits': traits });
const usual: PartReading = {
  dialect: { delimiter: 0x2c, marks: 'everywhere' },
  encoding: 'utf-8',
  hasHeader: false,
  culture: null,
};
const refusedFor = (name: string) => expect.stringMatching(new RegExp(`^not_supported: .*${name.replace('$', '\\$')}`));

describe('CsvFormatSettings', () => {
  it.each([undefined, null, {}, { $type: 'CsvFormatSettings' }, { 'pbi:hint': { a: 1 } }])('say nothing by %j', (settings) => {
    expect(withSettings(settings)).toEqual(usual);
  });

  it.each(['columnHeaders', 'delimiter', 'quoteStyle', 'csvStyle', 'encoding', '$type'])('say nothing by a null: %s', (name) => {
    expect(withSettings({ [name]: null })).toEqual(usual);
  });

  it.each<[object, object]>([
    [{ columnHeaders: true }, { hasHeader: true }],
    [{ columnHeaders: 'true' }, { hasHeader: true }],
    [{ columnHeaders: false }, { hasHeader: false }],
    [{ columnHeaders: 'False' }, { hasHeader: false }],
    [{ quoteStyle: 'QuoteStyle.Csv' }, { dialect: { delimiter: 0x2c, marks: 'everywhere' } }],
    [{ quoteStyle: 'QuoteStyle.None' }, { dialect: { delimiter: 0x2c, marks: 'none' } }],
    [{ csvStyle: 'CsvStyle.QuoteAlways' }, { dialect: { delimiter: 0x2c, marks: 'everywhere' } }],
    [{ csvStyle: 'CsvStyle.QuoteAfterDelimiter' }, { dialect: { delimiter: 0x2c, marks: 'after_delimiter' } }],
    [
      { quoteStyle: 'QuoteStyle.None', csvStyle: 'CsvStyle.QuoteAfterDelimiter' },
      { dialect: { delimiter: 0x2c, marks: 'none' } },
    ],
    [
      { quoteStyle: 'QuoteStyle.Csv', csvStyle: 'CsvStyle.QuoteAfterDelimiter' },
      { dialect: { delimiter: 0x2c, marks: 'after_delimiter' } },
    ],
    [{ newline: '\n', quote: '"', escape: '"' }, {}],
    ...[';', '\t', '|', '\u0001'].map((delimiter): [object, object] => [
      { delimiter },
      { dialect: { delimiter: delimiter.charCodeAt(0), marks: 'everywhere' } },
    ]),
    ...['UTF-8', 'utf8', '65001', 65001, 'us-ascii'].map((encoding): [object, object] => [{ encoding }, { encoding: 'utf-8' }]),
    ...['UTF-16', 'Unicode', 1200].map((encoding): [object, object] => [{ encoding }, { encoding: 'utf-16le' }]),
    ...['utf-16BE', '1201'].map((encoding): [object, object] => [{ encoding }, { encoding: 'utf-16be' }]),
    ...['Windows-1252', 'iso-8859-1', 1252].map((encoding): [object, object] => [{ encoding }, { encoding: 'windows-1252' }]),
  ])('are honoured: %j', (settings, expected) => {
    expect(withSettings(settings)).toEqual({ ...usual, ...expected });
  });

  it.each<[string, readonly unknown[]]>([
    ['columnHeaders', ['yes', 1, 0, '', {}, []]],
    ['delimiter', ['', ',,', '"', '\n', '\r', 'é', '€', '\\t', 44, true, {}, []]],
    ['quoteStyle', ['', 'None', 'QuoteStyle.Single', 0, true, {}]],
    ['csvStyle', ['', 'QuoteAlways', 'CsvStyle.QuoteNever', 1, {}]],
    ['encoding', ['', 'UTF-32', 'shift_jis', 'utf-7', 932, {}, []]],
    ['$type', ['ParquetFormatSettings', '', 1]],
    ['newline', ['\r', '|']],
    ['escape', ['\\']],
    ['quote', ["'"]],
    ['skipLines', [1, 0, false]],
    ['timestampFormat', ['dd.MM.yyyy']],
  ])('are refused by name where they cannot be read: %s', (name, values) => {
    for (const value of values) expect([value, withSettings({ [name]: value })]).toEqual([value, refusedFor(name)]);
  });

  it.each(['x', 5, true, []])('are refused where they are none: %j', (settings) => {
    expect(withSettings(settings)).toEqual(refusedFor('fileFormatSettings'));
  });
});

describe('traits of a part', () => {
  const csv = (...given: unknown[]) => ({ traitReference: 'is.partition.format.CSV', arguments: given });

  it('say the same as settings, which win', () => {
    const settings = { name: 'delimiter', value: ';' };
    expect(withTrait(csv(settings))).toEqual({ ...usual, dialect: { delimiter: 0x3b, marks: 'everywhere' } });
    expect(reading({ fileFormatSettings: { delimiter: '|' }, 'cdm:traits': [csv(settings)] })).toMatchObject({
      dialect: { delimiter: 0x7c },
    });
    expect(withTrait(csv({ name: 'newline', value: '\r' }))).toEqual(refusedFor('newline'));
    expect(withTrait(csv('x'))).toEqual(expect.stringMatching(/^not_supported/));
  });

  it('may name a culture, and pass where they say nothing of the reading', () => {
    const culture = (...given: unknown[]) => withTrait({ traitReference: 'is.partition.culture', arguments: given });
    expect(culture('de-DE')).toEqual({ ...usual, culture: 'de-DE' });
    expect(culture({ name: 'culture', value: 'sv-SE' })).toEqual({ ...usual, culture: 'sv-SE' });
    expect(culture('nowhere-at-all')).toEqual(refusedFor('culture'));
    expect(withTrait('is.hidden', null, 5, {}, { traitReference: 'is.partition.size' }, csv())).toEqual(usual);
  });

  it.each(['is.partition.format.parquet', 'is.partition.format.deltaLake', 'is.partition.incremental'])(
    'are refused by name: %s',
    (name) => {
      expect(withTrait(name)).toEqual(refusedFor(name));
      expect(withTrait({ traitReference: name })).toEqual(refusedFor(name));
    },
  );
});

describe("a model's culture", () => {
  it.each([undefined, null, ''])('is none: %j', (culture) => expect(reading({}, { culture })).toEqual(usual));

  it.each(['en-US', 'de', 'zh-Hant-TW'])('is honoured: %s', (culture) => {
    expect(reading({}, { culture })).toEqual({ ...usual, culture });
  });

  it.each(['us-en', 'en_US', 'German', 'zz', 5, {}, [], true])('is refused by name: %j', (culture) => {
    expect(reading({}, { culture })).toEqual(refusedFor('culture'));
  });
});

describe('a manifest', () => {
  const columns = (content: unknown) => cdmEntity(content, 'E').columns.map(({ name }) => name);

  it.each([null, 5, 'x', [], {}])('may have anything odd beside what is asked for: %j', (odd) => {
    const partitions = [odd, { location: odd }, { location: 'a.csv' }];
    const entity = {
      $type: odd,
      name: 'E',
      description: odd,
      annotations: odd,
      schemas: odd,
      attributes: [{ name: 'Email', dataType: null, description: odd, annotations: odd, 'cdm:traits': odd }],
      partitions,
    };
    const other = { name: 'Other', attributes: odd, partitions: [{ fileFormatSettings: { delimiter: 'odd' } }] };
    const content = {
      name: odd,
      version: odd,
      annotations: odd,
      relationships: odd,
      referenceModels: odd,
      entities: [odd, other, entity],
    };
    expect(columns(content)).toEqual(['Email']);
    expect(cdmEntity(content, 'E').partitions.map(({ location }) => location)).toContain('a.csv');
    expect(readingOfFile(cdmEntity(content, 'E'), 'file:///x/a.csv')).toEqual(usual);
  });

  it('keeps the place of an attribute that has no name', () => {
    const odd = [null, 5, {}, { name: null }, { name: 5 }];
    expect(columns({ entities: [{ name: 'E', attributes: [...odd, { name: 'Email' }] }] })).toEqual([
      '',
      '',
      '',
      '',
      '',
      'Email',
    ]);
  });

  it('takes the entity that is described, of several of one name', () => {
    const reference = { $type: 'ReferenceEntity', name: 'E', modelId: 'm', source: 'E' };
    expect(columns({ entities: [{ name: 'E' }, reference, { name: 'E', attributes }] })).toEqual(['Email']);
    expect(() => columns({ entities: [reference] })).toThrow(expect.objectContaining({ code: 'not_supported' }));
  });

  it.each<[string, unknown]>([
    ['unreadable', null],
    ['unreadable', []],
    ['unreadable', { entities: null }],
    ['unreadable', { entities: {} }],
    ['entity_missing', { entities: [] }],
    ['entity_missing', { entities: [null, { name: 'e', attributes }] }],
    ['unreadable', { entities: [{ name: 'E' }] }],
    ['unreadable', { entities: [{ name: 'E', attributes: null }] }],
    ['unreadable', { entities: [{ name: 'E', attributes: [{}, null] }] }],
    ['unreadable', { entities: [{ name: 'E', attributes: Array.from({ length: 10_001 }, () => ({ name: 'x' })) }] }],
  ])('cannot be used: %s of %j', (code, content) => {
    expect(() => cdmEntity(content, 'E')).toThrow(expect.objectContaining({ code }));
  });
});

describe('the partition of a file', () => {
  const delimiterOf = (partitions: unknown[], uri: string) =>
    String.fromCharCode(readingOfFile(cdmEntity(manifestOf(partitions), 'E'), uri).dialect.delimiter);
  const part = (location: string | null, delimiter?: string) => ({ location, fileFormatSettings: { delimiter } });

  it('is the one whose location ends most alike, wherever the lake is', () => {
    const partitions = [
      part('https://a.blob.core.windows.net:443/c/Seg/2026/11/23/part-1.csv?sig=x', ';'),
      part('https://a.blob.core.windows.net:443/c/Seg/2026/11/24/part%201.csv', '|'),
      part('Seg/2026/11/24/part-1.csv', '\t'),
      part(null, '~'),
    ];
    expect(delimiterOf(partitions, 'file:///mnt/lake/Seg/2026/11/23/part-1.csv')).toBe(';');
    expect(delimiterOf(partitions, 'file:///mnt/lake/Seg/2026/11/24/part%201.csv')).toBe('|');
    expect(delimiterOf(partitions, 'file:///mnt/lake/Seg/2026/11/24/part-1.csv')).toBe('\t');
  });

  it('may be any where all are described alike, even if no name fits; none says what is usual', () => {
    expect(delimiterOf([part('a.csv', ';'), part('b.csv', ';')], 'file:///x/part.csv')).toBe(';');
    expect(delimiterOf([part(null, ';')], 'file:///x/part.csv')).toBe(',');
    expect(delimiterOf([part('a.csv'), { location: 'b.csv' }], 'file:///x/part.csv')).toBe(',');
  });

  it('is refused where it cannot be told, and other parts do not disturb', () => {
    const tell = () => delimiterOf([part('1/a.csv', ';'), part('2/a.csv')], 'file:///x/a.csv');
    expect(tell).toThrow(expect.objectContaining({ code: 'not_supported' }));
    expect(delimiterOf([part('a.csv', ';'), part('b.csv', 'odd')], 'file:///x/a.csv')).toBe(';');
  });
});
