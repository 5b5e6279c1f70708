import type { CdmColumn } from '@courier/csv-records';
import { propertyTypeOfCdm, type PropertyType } from '../../domain/klaviyo-profile';
import { rawOf, type PartReader } from './part-reader';

/** A part of which the record scanner left the sound records. Columns of the same name after the first are out of reach. */
export function csvReader(columns: readonly CdmColumn[]): PartReader {
  const places = new Map<string, number>();
  for (const [place, { name }] of columns.entries()) if (!places.has(name)) places.set(name, place);
  const types = [...places].map(([name, place]): [string, PropertyType] => [name, propertyTypeOfCdm(columns[place]?.dataType)]);
  return {
    key: `csv ${JSON.stringify(columns)}`,
    columns: columns.length === 0 ? null : new Map(types),
    source: (files) => readCsvSql(files, columns.length),
    select: (used, files) => {
      const values = used.map((name, index) => `c${places.get(name) ?? 0} AS ${rawOf(index)}`);
      return `SELECT ${['false AS broken', ...values].join(', ')} FROM ${readCsvSql(files, columns.length)}`;
    },
  };
}

/** Reads parts as the record scanner leaves them. `files` is a list of file literals; the columns are c0, c1, …, all text. */
export function readCsvSql(files: string, columns: number): string {
  const types = Array.from({ length: columns }, (_, at) => `c${at}: 'VARCHAR'`).join(', ');
  return `read_csv(${files}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', new_line = '\\n', columns = {${types}})`;
}
