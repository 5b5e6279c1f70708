import type { CsvDialect } from './csv-dialect';
import { ManifestError } from './manifest-error';
import type { TextEncoding } from './text-decoding';

// CDM's `CsvFormatSettings`, and the traits that say the same of a part. A field is honoured or refused by name: what is passed over
// would be read in another manner than it was written in.

/** How the records of a part are read. */
export interface CsvSettings {
  dialect: CsvDialect;
  encoding: TextEncoding;
  /** The first record names the columns. */
  hasHeader: boolean;
}

export type SettingFields = ReadonlyMap<string, unknown>;

/** From the settings of a part by name, those that are null left out. Throws a ManifestError (`not_supported`). */
export function csvSettings(fields: SettingFields): CsvSettings {
  for (const name of fields.keys()) if (!known.has(name)) throw notSupported(name);
  for (const [name, values] of Object.entries(fixed)) chosen<unknown>(fields, name, values);
  return {
    dialect: { delimiter: delimiterOf(fields), marks: marksOf(fields) },
    encoding: chosen(fields, 'encoding', encodings) ?? 'utf-8',
    hasHeader: chosen(fields, 'columnHeaders', flags) ?? false,
  };
}

/** Of an object in a manifest; a prefix as in `pbi:mashup` marks what is for its own producer alone. */
export function settingFields(settings: Readonly<Record<string, unknown>>): SettingFields {
  return new Map(Object.entries(settings).filter(([name, value]) => value !== null && !name.includes(':')));
}

function delimiterOf(fields: SettingFields): number {
  const delimiter = fields.get('delimiter') ?? ',';
  // One byte that is no quotation mark and no line end.
  if (typeof delimiter !== 'string' || !/^[\x01-\x7e]$/.test(delimiter) || /["\r\n]/.test(delimiter))
    throw notSupported('delimiter');
  return delimiter.charCodeAt(0);
}

function marksOf(fields: SettingFields): CsvDialect['marks'] {
  const style = chosen(fields, 'csvStyle', csvStyles) ?? 'everywhere';
  return chosen(fields, 'quoteStyle', quoteStyles) === 'none' ? 'none' : style;
}

const quoteStyles = new Map([
  ['quotestyle.csv', 'csv'],
  ['quotestyle.none', 'none'],
] as const);

const csvStyles = new Map([
  ['csvstyle.quotealways', 'everywhere'],
  ['csvstyle.quoteafterdelimiter', 'after_delimiter'],
] as const);

/** The documentation of the format writes them as texts. */
const flags = new Map([
  ['true', true],
  ['false', false],
] as const);

/** By name and by Windows' number. What is called ASCII, or Latin 1, are encodings that hold it whole. */
const encodings = new Map<string, TextEncoding>([
  ...['utf-8', 'utf8', '65001', 'ascii', 'us-ascii', '20127'].map((name): [string, TextEncoding] => [name, 'utf-8']),
  ...['utf-16', 'utf-16le', 'unicode', '1200'].map((name): [string, TextEncoding] => [name, 'utf-16le']),
  ...['utf-16be', 'unicodefffe', '1201'].map((name): [string, TextEncoding] => [name, 'utf-16be']),
  ...['windows-1252', 'cp1252', '1252', 'iso-8859-1', 'latin1', '28591'].map((name): [string, TextEncoding] => [
    name,
    'windows-1252',
  ]),
]);

/** Fields that change nothing: their only values are what is read anyway. */
const fixed: Record<string, ReadonlyMap<string, unknown>> = {
  $type: new Map([['csvformatsettings', null]]),
  quote: new Map([['"', null]]),
  escape: new Map([['"', null]]),
  newline: new Map([
    ['\n', null],
    ['\r\n', null],
  ]),
};
const known = new Set(['columnHeaders', 'delimiter', 'quoteStyle', 'csvStyle', 'encoding', ...Object.keys(fixed)]);

/** What a field's value stands for; undefined where the field is absent. Case does not matter. */
function chosen<T>(fields: SettingFields, name: string, values: ReadonlyMap<string, T>): T | undefined {
  const value = fields.get(name);
  if (value === undefined) return undefined;
  const word = typeof value === 'object' ? '' : String(value).toLowerCase();
  if (!values.has(word)) throw notSupported(name);
  return values.get(word);
}

/** Does not quote the value, which comes from outside. */
export function notSupported(name: string): ManifestError {
  // A name that is none of ours comes from outside as well.
  const said = /^[$A-Za-z.]{1,40}$/.test(name) ? `${name} in a way` : 'a setting';
  return new ManifestError('not_supported', `model.json describes a part by ${said} that cannot be read`);
}
