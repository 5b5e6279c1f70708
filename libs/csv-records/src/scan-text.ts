const LF = 0x0a;
/** A piece of short records is made of many ranges, each of which costs more memory than its bytes. */
const PIECE_BYTES_MAX = 262_144;

/** Takes a part apart into records, a piece at a time. */
export interface TextScanner {
  /** Records so far, unreadable ones included: the number of rows that a refresh event states. */
  readonly rows: number;
  /** 1-based numbers of the unreadable ones, ascending. */
  readonly unreadable: readonly number[];
  /** Returns the bytes that are done; the rest must come again, with more behind it. The last buffer must end with a line end. */
  scan(buffer: Buffer, isLast: boolean): number;
}

/** Feeds a part's text to its scanner, and lets the caller do something after each piece. */
export async function scanText(
  chunks: AsyncIterable<Buffer>,
  scanner: TextScanner,
  afterPiece: () => Promise<void> | void = () => undefined,
): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of slices(chunks)) {
    const piece = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    rest = piece.subarray(scanner.scan(piece, false));
    await afterPiece();
  }
  // The last record may lack its line end.
  const isOpen = rest.length > 0 && rest[rest.length - 1] !== LF;
  scanner.scan(isOpen ? Buffer.concat([rest, Buffer.from([LF])]) : rest, true);
  await afterPiece();
}

async function* slices(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES_MAX) yield chunk.subarray(at, at + PIECE_BYTES_MAX);
  }
}
