import type { CdmColumn } from '@courier/csv-records';
import { withoutNulSql, type PropertyType } from '../../domain/klaviyo-profile';
import { cellReading, cellType } from './cdm-values';
import { jsonOf, rawOf, type PartReader } from './part-reader';

export interface CsvCopy {
  columns: readonly CdmColumn[];
  /** How numbers and dates are spelled. */
  culture: string | null;
}

/** Parts of the same columns share one reader: a table may be wide, and have thousands of parts. */
export class CsvReaders {
  private readonly known = new Map<string, PartReader>();

  of({ columns, culture }: CsvCopy): PartReader {
    const key = `csv ${JSON.stringify([columns, culture])}`;
    const reader = this.known.get(key) ?? csvReader({ columns, culture }, key);
    this.known.set(key, reader);
    return reader;
  }
}

/** A part of which the record scanner left the sound records. Columns of the same name after the first are out of reach. */
function csvReader({ columns, culture }: CsvCopy, key: string): PartReader {
  const places = new Map<string, number>();
  const types = new Map<string, PropertyType>();
  for (const [place, column] of columns.entries()) {
    if (places.has(column.name)) continue;
    places.set(column.name, place);
    types.set(column.name, cellType(column));
  }
  return {
    key,
    columns: columns.length === 0 ? null : types,
    source: (files) => readCsvSql(files, columns.length),
    select: (used, files) => {
      const cells = used.map((name) => places.get(name) ?? 0);
      const readingAt = new Map(
        cells.map((place) => [place, cellReading(columns[place] ?? { dataType: undefined }, culture, `c${place}`)]),
      );
      const readings = [...readingAt.values()];
      const values = cells.flatMap((place, index) => {
        const json = readingAt.get(place)?.json ?? null;
        return [`${withoutNulSql(`c${place}`)} AS ${rawOf(index)}`, ...(json === null ? [] : [`${json} AS ${jsonOf(index)}`])];
      });
      const depth = Math.max(0, ...readings.map(({ steps }) => steps.length));
      let source = readCsvSql(files, columns.length);
      for (let step = 0; step < depth; step += 1) {
        source = `(SELECT ${['*', ...readings.flatMap(({ steps }) => steps[step] ?? [])].join(', ')} FROM ${source})`;
      }
      return `SELECT ${['false AS broken', ...values].join(', ')} FROM ${source}`;
    },
  };
}

/**
 * Reads parts as the record scanner leaves them. A value of \N is nothing, as databases write it, unless it is quoted. `files` is a
 * list of file literals; the columns are c0, c1, …, all text.
 */
export function readCsvSql(files: string, columns: number): string {
  const types = Array.from({ length: columns }, (_, at) => `c${at}: 'VARCHAR'`).join(', ');
  return `read_csv(${files}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', nullstr = '\\N', allow_quoted_nulls = false, new_line = '\\n', columns = {${types}})`;
}
