import { isAscii, isUtf8 } from 'node:buffer';
import { asRfc4180, rfc4180, type CsvDialect } from './csv-dialect';
import { headerNames } from './header-names';
import { RecordFinder, type SoundRecord } from './record-finder';
import type { TextScanner } from './scan-text';

const CR = 0x0d;

/**
 * What a record must look like: a number of columns, `header` (the first record names them and is no row), or `any` where only the
 * count of records matters.
 */
export type RecordShape = number | 'header' | 'any';

export interface RecordReading {
  /** RFC 4180 by default. */
  dialect?: CsvDialect;
  /** Records may lack their last cells, which are empty then. */
  fillsShort?: boolean;
}

/** Passes on what was found sound up to a place, and goes on at another. */
type Flush = (upTo: number, next: number) => void;

/**
 * Counts and judges the records of a CSV part before a database sees it, and passes only sound ones on. DuckDB alone cannot tell which
 * record is broken: with strict_mode one bad quotation mark fails the whole file, without it surplus columns are dropped and garbage
 * is kept silently, and its line numbers drift at quoted line breaks.
 */
export class RecordScanner implements TextScanner {
  /** Records so far, sound or not. */
  rows = 0;
  /** 1-based numbers of the unreadable ones, ascending. */
  readonly unreadable: number[] = [];
  /** The names in the header; null before it came, where there is none, and where it cannot be read. */
  header: readonly string[] | null = null;
  /** Records that are not UTF-8. Like `accented`, counted where a header is expected: there nobody else names the encoding. */
  foreign = 0;
  /** Records with letters outside ASCII that are UTF-8. */
  accented = 0;
  /** Records that lacked cells. */
  short = 0;
  /** Bytes that the records which lacked cells were given for them. */
  filledBytes = 0;
  private readonly finder: RecordFinder;
  private readonly dialect: CsvDialect;
  private expectsHeader: boolean;
  private readonly judgesEncoding: boolean;
  /** The empty cells of all records: they may be many times as many bytes as the part has. */
  private separators = Buffer.alloc(0);

  constructor(
    shape: RecordShape,
    /**
     * Called with ranges that together are the sound records by RFC 4180, each ended by a line feed alone (DuckDB refuses a mix of line
     * ends).
     */
    private readonly onSound: (range: Buffer) => void,
    { dialect = rfc4180, fillsShort = false }: RecordReading = {},
  ) {
    this.finder = new RecordFinder({ columns: typeof shape === 'number' ? shape : null, mayBeShort: fillsShort, dialect });
    this.dialect = dialect;
    this.expectsHeader = shape === 'header';
    this.judgesEncoding = shape === 'header';
  }

  /**
   * Judges the records of `buffer` and returns the bytes that are done; the rest must come again, with more behind it. The last
   * buffer must end with a line end.
   */
  scan(buffer: Buffer, isLast: boolean): number {
    let at = this.finder.start(buffer, isLast);
    let soundFrom = at;
    const flush: Flush = (upTo, next) => {
      if (upTo > soundFrom) this.onSound(buffer.subarray(soundFrom, upTo));
      soundFrom = next;
    };
    // One pass of the platform's own check spares one for each record.
    const isSound = this.judgesEncoding ? isAscii(buffer) : isUtf8(buffer);
    while (at < buffer.length) {
      const found = this.finder.find(buffer, at, isLast);
      if (found.kind === 'incomplete') break;
      if (found.kind === 'empty') {
        flush(at, found.next);
      } else if (this.expectsHeader) {
        this.takeHeader(found.kind === 'record' ? buffer.subarray(at, found.next) : null);
        flush(at, found.next);
      } else {
        this.rows += 1;
        const isText = isSound || this.isText(buffer.subarray(at, found.next));
        if (found.kind === 'unreadable' || !isText) {
          this.unreadable.push(this.rows);
          flush(at, found.next);
        } else {
          this.passOn(buffer, at, found, flush);
        }
      }
      at = found.next;
    }
    flush(at, at);
    return at;
  }

  private passOn(buffer: Buffer, at: number, { next, cells, canonical }: SoundRecord, flush: Flush): void {
    const lineEnd = next - (buffer[next - 2] === CR ? 2 : 1);
    if (!canonical) {
      flush(at, lineEnd);
      this.onSound(asRfc4180(buffer.subarray(at, lineEnd), this.dialect));
    }
    const missing = this.finder.columns === null ? 0 : this.finder.columns - cells;
    if (missing > 0) {
      this.short += 1;
      flush(lineEnd, lineEnd);
      this.onSound(this.emptyCells(missing));
    }
    // A line feed alone goes with the records around it.
    if (lineEnd < next - 1) flush(lineEnd, next - 1);
  }

  private emptyCells(count: number): Buffer {
    if (this.separators.length < count) this.separators = Buffer.alloc(this.finder.columns ?? count, ',');
    this.filledBytes += count;
    return this.separators.subarray(0, count);
  }

  private isText(record: Buffer): boolean {
    if (isAscii(record)) return true;
    const sound = isUtf8(record);
    if (sound) this.accented += 1;
    else this.foreign += 1;
    return sound;
  }

  private takeHeader(record: Buffer | null): void {
    this.expectsHeader = false;
    if (record === null) return;
    this.isText(record);
    this.header = headerNames(asRfc4180(record, this.dialect).toString('utf8'));
    this.finder.columns = this.header.length;
  }
}
