// Records by RFC 4180, with what is left open there closed: a quotation mark within an unquoted value, text behind a closing one and
// a carriage return alone make a record unreadable; blank lines are no records.
//
// A quotation mark that is never closed swallows the lines after it. When a record turns out to be unsound for that reason, only its
// first line is given up, and reading goes on at the second: one bad line costs one row. What is found depends on the bytes alone,
// never on the pieces they come in.

const QUOTE = 0x22;
const COMMA = 0x2c;
const CR = 0x0d;
const LF = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** A record beyond this is unreadable. Far above a profile's 100,000 bytes, because unmapped columns count too. */
export const recordBytesMax = 1_000_000;

/** `next` is behind the line end. `incomplete`: the bytes from here on must come again, with more behind them. */
export type Found = Complete | { kind: 'incomplete' };

interface Complete {
  kind: 'record' | 'unreadable' | 'empty';
  next: number;
}

const incomplete: Found = { kind: 'incomplete' };

/** Finds the records of one part, of which the caller holds a piece at a time. */
export class RecordFinder {
  private atPartStart = true;
  /** Inside a line that is too long to be kept; it was counted already. */
  private skipsLine = false;

  /** `columns` is what each record must have; null takes any number. A header may tell it later. */
  constructor(public columns: number | null) {}

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
    const found = readRecord(piece, start, this.columns);
    if (found === 'runs_out') {
      if (!isLast && piece.length - start <= recordBytesMax) return incomplete;
    } else if (found !== 'broken' && found.next - start <= recordBytesMax) {
      return found;
    }
    return this.giveUpLine(piece, start);
  }

  private giveUpLine(piece: Buffer, start: number): Found {
    const next = afterLine(piece, start);
    if (next > 0) return { kind: 'unreadable', next };
    if (piece.length - start <= recordBytesMax) return incomplete;
    this.skipsLine = true;
    return { kind: 'unreadable', next: piece.length };
  }
}

/** `broken`: a quotation mark closes where none should, so an earlier one may be lost. */
function readRecord(piece: Buffer, start: number, columns: number | null): Complete | 'runs_out' | 'broken' {
  const { length } = piece;
  let at = start;
  let fields = 1;
  for (;;) {
    if (piece[at] === QUOTE) {
      at = afterQuoted(piece, at + 1);
      if (at < 0) return 'runs_out';
    } else {
      while (at < length && piece[at] !== COMMA && piece[at] !== LF && piece[at] !== CR && piece[at] !== QUOTE) at += 1;
    }
    if (at >= length) return 'runs_out';
    const byte = piece[at];
    if (byte === COMMA) {
      fields += 1;
      at += 1;
      continue;
    }
    if (byte === QUOTE) {
      // Within an unquoted value, where other readers have their own ideas of what it means. The record ends with its line.
      const next = afterLine(piece, at);
      return next === 0 ? 'runs_out' : { kind: 'unreadable', next };
    }
    const lineEnd = byte === CR ? at + 1 : at;
    if (lineEnd >= length) return 'runs_out';
    if (piece[lineEnd] !== LF) return 'broken';
    const next = lineEnd + 1;
    if (at === start) return { kind: 'empty', next };
    return { kind: columns === null || fields === columns ? 'record' : 'unreadable', next };
  }
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
