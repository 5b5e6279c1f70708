import type { PropertyType } from '../../domain/klaviyo-profile';

/**
 * How the rows of one part are read. No word of a snapshot or a mapping becomes SQL: columns get names of ours, keys are text
 * literals, files are named by us.
 */
export interface PartReader {
  /** Neighbours with the same key are read by one statement. */
  readonly key: string;
  /** The part's columns, as far as a mapping may ask for them, with their types; null where the part has no row that could tell. */
  readonly columns: ReadonlyMap<string, PropertyType> | null;
  /** Columns that are there, but of a type whose values cannot be given exactly. */
  readonly unsupported?: readonly string[];
  /**
   * A SELECT over a list of file literals, in the order of files and rows, of `broken` (the row is no record), and for the n-th name
   * in `used` `raw_n` (VARCHAR) and, where its type is `json`, `json_n` (VARCHAR, JSON text; NULL
   * beside a text where the value cannot be written).
   */
  select(used: readonly string[], files: string): string;
  /** The table function over a list of file literals, with the columns as they are stored. */
  source(files: string): string;
}

export const rawOf = (index: number): string => `raw_${index}`;
export const jsonOf = (index: number): string => `json_${index}`;
