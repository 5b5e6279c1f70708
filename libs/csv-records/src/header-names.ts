const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

/** The column names of a header record that a RecordFinder found sound, without blank edges. */
export function headerNames(record: string): string[] {
  const names: string[] = [];
  FIELD.lastIndex = 0;
  for (let field = FIELD.exec(record); field !== null; field = FIELD.exec(record)) {
    const [, quoted, plain = '', end] = field;
    names.push((quoted?.replaceAll('""', '"') ?? plain).trim());
    if (end !== ',') break;
  }
  return names;
}
