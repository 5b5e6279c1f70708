import { AppError } from '@courier/kernel';

// A batch object is a text of lines `<normalised e-mail>\t<profile JSON>`. JSON text holds no raw tab or line end, so both are safe
// separators, and line i is the element i of Klaviyo's array: rows are taken out, split and joined without parsing.

export interface BatchLine {
  email: string;
  profileJson: string;
}

const TAB = 0x09;
const LINE_END = 0x0a;
const COMMA = Buffer.from(',');

export function encodeBatch(lines: Iterable<BatchLine>): Buffer {
  const texts: string[] = [];
  for (const { email, profileJson } of lines) {
    if (/[\t\n]/.test(email) || /[\t\n]/.test(profileJson)) {
      throw new AppError('batch_line_invalid', 'A batch line must not hold a raw tab or line end', {
        context: { line: texts.length },
      });
    }
    texts.push(`${email}\t${profileJson}\n`);
  }
  return Buffer.from(texts.join(''));
}

export function decodeBatch(content: Buffer): BatchLines {
  const starts: number[] = [];
  const tabs: number[] = [];
  let at = 0;
  while (at < content.length) {
    const end = content.indexOf(LINE_END, at);
    const tab = content.indexOf(TAB, at);
    if (end < 0 || tab < 0 || tab > end) {
      throw new AppError('staged_object_damaged', 'A batch holds a line without its two parts', {
        context: { line: starts.length },
      });
    }
    starts.push(at);
    tabs.push(tab);
    at = end + 1;
  }
  return new BatchLines(content, starts, tabs);
}

/** The lines of one batch, as offsets into its text. */
export class BatchLines {
  constructor(
    private readonly content: Buffer,
    private readonly starts: readonly number[],
    private readonly tabs: readonly number[],
  ) {}

  get size(): number {
    return this.starts.length;
  }

  email(line: number): string {
    return this.content.toString('latin1', this.start(line), this.tab(line));
  }

  profileJson(line: number): string {
    return this.profile(line).toString('utf8');
  }

  /** Bytes of the profile's JSON text. */
  profileBytes(line: number): number {
    return this.end(line) - this.tab(line) - 1;
  }

  /** The content of Klaviyo's `profiles.data` array, without its brackets, for these lines in this order. */
  join(lines: Iterable<number>): Buffer {
    const parts: Buffer[] = [];
    for (const line of lines) {
      if (parts.length > 0) parts.push(COMMA);
      parts.push(this.profile(line));
    }
    return Buffer.concat(parts);
  }

  private profile(line: number): Buffer {
    return this.content.subarray(this.tab(line) + 1, this.end(line));
  }

  private start(line: number): number {
    return offset(this.starts, line);
  }

  private tab(line: number): number {
    return offset(this.tabs, line);
  }

  private end(line: number): number {
    return (this.starts[line + 1] ?? this.content.length) - 1;
  }
}

function offset(offsets: readonly number[], line: number): number {
  const value = offsets[line];
  if (value === undefined) throw new RangeError(`The batch has no line ${line}`);
  return value;
}
