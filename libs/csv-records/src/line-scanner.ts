import { isUtf8 } from 'node:buffer';
import { recordBytesMax } from './record-finder';
import type { TextScanner } from './scan-text';

const LF = 0x0a;
const CR = 0x0d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Counts the lines of an NDJSON part and passes on those that may be JSON objects; whether they are is for a parser to say. Blank
 * lines are no rows. A line that is too long, not UTF-8 or not between braces is unreadable, and only that line.
 */
export class LineScanner implements TextScanner {
  rows = 0;
  readonly unreadable: number[] = [];
  private atPartStart = true;
  /** Inside a line that is too long to be kept; it was counted already. */
  private skipsLine = false;

  constructor(
    /** Called with ranges that together are the lines, each ended by a line feed. */
    private readonly onSound: (range: Buffer) => void,
  ) {}

  scan(buffer: Buffer, isLast: boolean): number {
    let at = this.start(buffer, isLast);
    let soundFrom = at;
    const isText = isUtf8(buffer);
    while (at < buffer.length) {
      const end = buffer.indexOf(LF, at);
      if (end < 0) {
        if (buffer.length - at <= recordBytesMax) break;
        // No line end within the limit: the line is given up before it fills the memory.
        this.skipsLine = true;
      }
      const next = end < 0 ? buffer.length : end + 1;
      if (!this.take(buffer, at, end < 0 ? next : end, isText)) {
        if (at > soundFrom) this.onSound(buffer.subarray(soundFrom, at));
        soundFrom = next;
      }
      at = next;
    }
    if (at > soundFrom) this.onSound(buffer.subarray(soundFrom, at));
    return at;
  }

  /** Where the first line begins: behind a byte order mark, or behind the rest of a line that is skipped. */
  private start(buffer: Buffer, isLast: boolean): number {
    if (this.skipsLine) {
      const end = buffer.indexOf(LF);
      if (end < 0) return buffer.length;
      this.skipsLine = false;
      return end + 1;
    }
    if (!this.atPartStart || (buffer.length < BYTE_ORDER_MARK.length && !isLast)) return 0;
    this.atPartStart = false;
    return buffer.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  }

  /** Counts the line; false when it is not to be passed on. */
  private take(buffer: Buffer, start: number, end: number, isText: boolean): boolean {
    let first = start;
    while (first < end && isBlank(buffer[first])) first += 1;
    if (first === end) return false;
    let last = end - 1;
    while (isBlank(buffer[last])) last -= 1;
    this.rows += 1;
    const sound =
      buffer[first] === OPENING_BRACE &&
      buffer[last] === CLOSING_BRACE &&
      end - start <= recordBytesMax &&
      !this.skipsLine &&
      (isText || isUtf8(buffer.subarray(start, end)));
    if (!sound) this.unreadable.push(this.rows);
    return sound;
  }
}

const isBlank = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x09 || byte === CR;
