// How a CSV part sets its cells apart. Whatever its dialect, its records are passed on by RFC 4180, so that one reader reads them all.

export const QUOTE = 0x22;
export const COMMA = 0x2c;

export interface CsvDialect {
  /** One byte of ASCII; no quotation mark and no line end. */
  delimiter: number;
  /**
   * What a quotation mark is. At the beginning of a cell it opens the cell (`everywhere`, `after_delimiter`) or is data (`none`); within
   * a cell that was not opened it makes the record unreadable (`everywhere`) or is data.
   */
  marks: 'everywhere' | 'after_delimiter' | 'none';
}

export const rfc4180: CsvDialect = { delimiter: COMMA, marks: 'everywhere' };

/** A sound record of a dialect as RFC 4180 has it. Cells stay quoted or unquoted, but for those that need quotation marks now. */
export function asRfc4180(record: Buffer, dialect: CsvDialect): Buffer {
  return withCommas(record, dialect) ?? rewritten(record, dialect);
}

/** Most records need other delimiters and nothing else; null for those where a cell needs quotation marks now. */
function withCommas(record: Buffer, { delimiter, marks }: CsvDialect): Buffer | null {
  const copy = Buffer.from(record);
  let cellFrom = 0;
  let isOpened = false;
  let isInside = false;
  for (let at = 0; at < copy.length; at += 1) {
    const byte = copy[at];
    if (byte === QUOTE) {
      if (at === cellFrom && marks !== 'none') isOpened = true;
      if (!isOpened) return null;
      // Of a pair the second one goes back inside.
      isInside = !isInside;
    } else if (byte === delimiter && !isInside) {
      copy[at] = COMMA;
      cellFrom = at + 1;
      isOpened = false;
    } else if (byte === COMMA && !isInside) {
      return null;
    }
  }
  return copy;
}

function rewritten(record: Buffer, { delimiter, marks }: CsvDialect): Buffer {
  // One character a byte: what is moved about is ASCII.
  const text = record.toString('latin1');
  const end = /\r?\n$/.exec(text)?.[0] ?? '';
  const cells = cellsOf(text.slice(0, text.length - end.length), String.fromCharCode(delimiter), marks !== 'none');
  return Buffer.from(cells.map((cell) => written(cell, marks !== 'none')).join(',') + end, 'latin1');
}

/** As they stand, quotation marks included. */
function cellsOf(text: string, delimiter: string, areOpened: boolean): string[] {
  const cells: string[] = [];
  for (let from = 0; ;) {
    const opened = areOpened && text[from] === '"' ? /"(?:[^"]|"")*"/y : null;
    if (opened !== null) opened.lastIndex = from;
    const inner = opened?.exec(text)?.[0].length ?? 0;
    const to = text.indexOf(delimiter, from + inner);
    cells.push(text.slice(from, to < 0 ? text.length : to));
    if (to < 0) return cells;
    from = to + 1;
  }
}

function written(cell: string, mayBeOpened: boolean): string {
  if (mayBeOpened && cell.startsWith('"')) return cell;
  return /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
