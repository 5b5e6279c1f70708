// What a record of a text part (CSV, NDJSON) is, and how a manifest describes it. Whoever announces a snapshot and whoever checks the
// announcement count with the same code.
export {
  cdmEntity,
  cdmEntityNames,
  readingOf,
  readingOfFile,
  type CdmColumn,
  type CdmEntity,
  type CdmPartition,
  type PartReading,
} from './cdm-manifest';
export { rfc4180, type CsvDialect } from './csv-dialect';
export { LineScanner } from './line-scanner';
export { ManifestError } from './manifest-error';
export { DamagedTextError, plainText, startsAsGzip, type PlainTextOptions, unpacked } from './plain-text';
export { recordBytesMax } from './record-finder';
export { RecordScanner, type RecordReading, type RecordShape } from './record-scanner';
export { scanText, type TextScanner } from './scan-text';
export type { TextEncoding } from './text-decoding';
