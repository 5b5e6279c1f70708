import { describe, expect, it } from '@jest/globals';
import { cellReading, cellType } from './cdm-values';
import { CsvReaders } from './csv-parts';

const columns = () => Array.from({ length: 500 }, (_, place) => ({ name: `c${place}`, dataType: 'dateTime' }));

describe('CsvReaders', () => {
  it('have one reader for all parts of the same columns and culture', () => {
    const readers = new CsvReaders();
    const first = readers.of({ columns: columns(), culture: 'de-DE' });
    const others = Array.from({ length: 1_000 }, () => readers.of({ columns: columns(), culture: 'de-DE' }));
    expect(others.every((reader) => reader === first)).toBe(true);
  });

  it.each([
    ['culture', { columns: columns(), culture: 'en-US' }],
    ['no culture', { columns: columns(), culture: null }],
    ['order', { columns: columns().reverse(), culture: 'de-DE' }],
    ['type', { columns: columns().map(({ name }) => ({ name, dataType: 'string' })), culture: 'de-DE' }],
    ['number', { columns: columns().slice(1), culture: 'de-DE' }],
  ])('have another one where the parts differ: %s', (_what, copy) => {
    const readers = new CsvReaders();
    const first = readers.of({ columns: columns(), culture: 'de-DE' });
    expect(readers.of(copy)).not.toBe(first);
    expect(readers.of(copy).key).not.toBe(first.key);
  });
});

it.each([undefined, 'string', 'Boolean', 'int64', 'double', 'decimal', 'dateTime', 'date', 'guid', 'hologram'])(
  'the type of a column is that of its reading: %s',
  (dataType) => {
    expect(cellType({ dataType })).toBe(cellReading({ dataType }, 'de-DE', 'c').type);
  },
);
