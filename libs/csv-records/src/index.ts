// What a record of a text part (CSV, NDJSON) is. Whoever announces a snapshot and whoever checks the announcement count with the same
// code.
export { LineScanner } from './line-scanner';
export { DamagedTextError, plainText, startsAsGzip, type PlainTextOptions, unpacked } from './plain-text';
export { recordBytesMax } from './record-finder';
export { RecordScanner, type RecordShape } from './record-scanner';
export { scanText, type TextScanner } from './scan-text';
