import type { InvalidReason } from '../domain/klaviyo-profile';
import type { LockedDuckDb } from './locked-duckdb';
import type { VerifiedPart } from './fetch-snapshots';
import type { InvalidRow } from './protocol';

/** Rows that are listed one by one; beyond it they are still counted. Bounds the memory of whoever reads the list. */
export const invalidRowsListedMax = 250_000;
const ENCODED_AT_ONCE = 10_000;

/** A part and the row id of the first record of its copy. */
interface PlacedPart {
  part: Pick<VerifiedPart, 'segmentId' | 'name' | 'rows' | 'unreadable'>;
  firstOrdinal: number;
}

interface JudgedRow {
  ordinal: number;
  code: InvalidReason;
  email: string | null;
}

export interface InvalidRows {
  listed: InvalidRow[];
  total: number;
  reasons: Partial<Record<InvalidReason, number>>;
}

export async function collectInvalidRows(database: LockedDuckDb, parts: readonly PlacedPart[]): Promise<InvalidRows> {
  const unreadable = parts.reduce((sum, { part }) => sum + part.unreadable.length, 0);
  const reasons = await countReasons(database);
  // Some lines were never copied, others turned out to be no JSON.
  if (unreadable > 0) reasons.line_unreadable = unreadable + (reasons.line_unreadable ?? 0);
  const total = Object.values(reasons).reduce((sum, count) => sum + count, 0);
  if (total === 0) return { listed: [], total, reasons };
  const judged = await database.read(
    'list invalid rows',
    `SELECT rowid::DOUBLE, reason, raw_email FROM parsed WHERE reason IS NOT NULL ORDER BY rowid LIMIT ${invalidRowsListedMax}`,
  );
  const rows = judged.getRows().map(([ordinal, code, email]): JudgedRow => {
    return { ordinal: Number(ordinal), code: code as InvalidReason, email: typeof email === 'string' ? email : null };
  });
  return { listed: [...placeInvalidRows(rows, parts)].slice(0, invalidRowsListedMax), total, reasons };
}

async function countReasons(database: LockedDuckDb): Promise<Partial<Record<InvalidReason, number>>> {
  const counted = await database.read(
    'count invalid rows',
    'SELECT reason, count(*)::DOUBLE FROM parsed WHERE reason IS NOT NULL GROUP BY reason ORDER BY reason',
  );
  return Object.fromEntries(counted.getRows().map(([code, count]) => [code as InvalidReason, Number(count)]));
}

/**
 * Gives every invalid row its part and record number. `judged` are in the order of `parsed`, which lacks the unreadable records: each
 * of those before a row moves its number up by one.
 */
export function* placeInvalidRows(judged: readonly JudgedRow[], parts: readonly PlacedPart[]): Generator<InvalidRow> {
  let next = 0;
  for (const { part, firstOrdinal } of parts) {
    const { segmentId, name: file, unreadable } = part;
    const endOrdinal = firstOrdinal + part.rows - unreadable.length;
    let passed = 0;
    const passUnreadable = function* (before: (row: number) => boolean): Generator<InvalidRow> {
      for (let row = unreadable[passed]; row !== undefined && before(row); row = unreadable[passed]) {
        passed += 1;
        yield { code: 'line_unreadable', segmentId, file, row, email: null };
      }
    };
    for (let found = judged[next]; found !== undefined && found.ordinal < endOrdinal; found = judged[next]) {
      next += 1;
      const among = found.ordinal - firstOrdinal + 1;
      yield* passUnreadable((row) => row <= among + passed);
      yield { code: found.code, segmentId, file, row: among + passed, email: found.email };
    }
    yield* passUnreadable(() => true);
  }
}

/** Piece by piece: the whole as one text, beside the rows, would not fit into the heap of a planner. */
export function encodeInvalidRows(rows: readonly InvalidRow[]): Buffer {
  const pieces: Buffer[] = [];
  for (let from = 0; from < rows.length; from += ENCODED_AT_ONCE) {
    const lines = rows.slice(from, from + ENCODED_AT_ONCE).map((row) => `${JSON.stringify(row)}\n`);
    pieces.push(Buffer.from(lines.join('')));
  }
  return Buffer.concat(pieces);
}
