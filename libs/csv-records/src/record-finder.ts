// Records by RFC 4180, with what is left open there closed: a quotation mark within an unquoted value, text behind a closing one and
// a carriage return alone make a record unreadable; blank lines are no records.
//
// A quotation mark that is never closed swallows the lines after it. When a record turns out to be unsound for that reason, only its
// first line is given up, and reading goes on at the second: one bad line costs one row. What is found depends on the bytes alone,
// never on the pieces they come in.

import { COMMA, QUOTE, rfc4180, type CsvDialect } from './csv-dialect';

const CR = 0x0d;
const LF = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** A record beyond this is unreadable. Far above a profile's 100,000 bytes, because unmapped columns count too. */
export const recordBytesMax = 1_000_000;

/** `next` is behind the line end. `incomplete`: the bytes from here on must come again, with more behind them. */
export type Found = Complete | { kind: 'incomplete' };

interface Complete extends SoundRecord {
  kind: 'record' | 'unreadable' | 'empty';
}

export interface SoundRecord {
  next: number;
  cells: number;
  /** It reads the same by RFC 4180. */
  canonical: boolean;
}

export interface RecordRules {
  /** What each record must have; null takes any number. A header may tell it later. */
  columns: number | null;
  /** The last cells may be missing. */
  mayBeShort?: boolean;
  dialect?: CsvDialect;
}

const incomplete: Found = { kind: 'incomplete' };

/** Finds the records of one part, of which the caller holds a piece at a time. */
export class RecordFinder {
  private atPartStart = true;
  /** Inside a line that is too long to be kept; it was counted already. */
  private skipsLine = false;

  columns: number | null;
  private readonly mayBeShort: boolean;
  private readonly dialect: CsvDialect;

  constructor({ columns, mayBeShort = false, dialect = rfc4180 }: RecordRules) {
    this.columns = columns;
    this.mayBeShort = mayBeShort;
    this.dialect = dialect;
  }

  /** Where in the next piece the first record begins. */
  start(piece: Buffer, isLast: boolean): number {
    if (this.skipsLine) {
      const next = afterLine(piece, 0);
      this.skipsLine = next === 0;
      return next === 0 ? piece.length : next;
    }
    if (!this.atPartStart) return 0;
    const mark = BYTE_ORDER_MARK.subarray(0, piece.length);
    const isMark = piece.subarray(0, mark.length).equals(mark);
    // Half a mark holds no line end, so it comes again.
    if (isMark && mark.length < BYTE_ORDER_MARK.length && !isLast) return 0;
    this.atPartStart = false;
    return isMark && mark.length === BYTE_ORDER_MARK.length ? mark.length : 0;
  }

  /** What begins at `start`. The last piece must end with a line end; in it nothing is incomplete. */
  find(piece: Buffer, start: number, isLast: boolean): Found {
    const found = readRecord(piece, start, this.dialect);
    if (found === 'runs_out') {
      if (!isLast && piece.length - start <= recordBytesMax) return incomplete;
    } else if (found !== 'broken' && found.next - start <= recordBytesMax) {
      return found.kind === 'record' && !this.fits(found.cells) ? { ...found, kind: 'unreadable' } : found;
    }
    return this.giveUpLine(piece, start);
  }

  private fits(cells: number): boolean {
    return this.columns === null || cells === this.columns || (this.mayBeShort && cells < this.columns);
  }

  private giveUpLine(piece: Buffer, start: number): Found {
    const next = afterLine(piece, start);
    if (next > 0) return unreadable(next);
    if (piece.length - start <= recordBytesMax) return incomplete;
    this.skipsLine = true;
    return unreadable(piece.length);
  }
}

const unreadable = (next: number): Complete => ({ kind: 'unreadable', next, cells: 0, canonical: true });

/** `broken`: a quotation mark closes where none should, so an earlier one may be lost. */
function readRecord(piece: Buffer, start: number, { delimiter, marks }: CsvDialect): Complete | 'runs_out' | 'broken' {
  const { length } = piece;
  let at = start;
  let cells = 1;
  let canonical = delimiter === COMMA;
  for (;;) {
    if (piece[at] === QUOTE && marks !== 'none') {
      at = afterQuoted(piece, at + 1);
      if (at < 0) return 'runs_out';
    } else {
      at = afterPlain(piece, at, delimiter);
      while (piece[at] === QUOTE && marks !== 'everywhere') {
        canonical = false;
        at = afterPlain(piece, at + 1, delimiter);
      }
    }
    if (at >= length) return 'runs_out';
    const byte = piece[at];
    if (byte === delimiter) {
      cells += 1;
      at += 1;
      continue;
    }
    if (byte === QUOTE) {
      // Within an unquoted value, where other readers have their own ideas of what it means. The record ends with its line.
      const next = afterLine(piece, at);
      return next === 0 ? 'runs_out' : unreadable(next);
    }
    const lineEnd = byte === CR ? at + 1 : at;
    if (lineEnd >= length) return 'runs_out';
    if (piece[lineEnd] !== LF) return 'broken';
    return { kind: at === start ? 'empty' : 'record', next: lineEnd + 1, cells, canonical };
  }
}

/** At the next delimiter, quotation mark or line end, or at the end of the piece. */
function afterPlain(piece: Buffer, from: number, delimiter: number): number {
  const { length } = piece;
  let at = from;
  while (at < length && piece[at] !== delimiter && piece[at] !== LF && piece[at] !== CR && piece[at] !== QUOTE) at += 1;
  return at;
}

/** Behind the closing quotation mark; -1 when it does not come (or may be the first of a pair that is not there yet). */
function afterQuoted(piece: Buffer, from: number): number {
  const { length } = piece;
  let at = from;
  for (;;) {
    // Values are short: for them a loop is several times as fast as a call of indexOf.
    while (at < length && piece[at] !== QUOTE) at += 1;
    if (at + 1 >= length) return -1;
    if (piece[at + 1] !== QUOTE) return at + 1;
    at += 2;
  }
}

/** 0 when the line does not end here. */
const afterLine = (piece: Buffer, at: number): number => piece.indexOf(LF, at) + 1;
