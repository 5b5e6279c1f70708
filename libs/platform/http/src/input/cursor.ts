import { z } from 'zod';
import { problem, type ProblemError } from '../problem';

/** The last row of a page of a list that is ordered newest first. Store times as timestamptz(3): a Date has milliseconds. */
export interface Cursor {
  createdAt: Date;
  id: string;
}

const cursorSchema = z.tuple([z.int().min(0).max(8_640_000_000_000_000), z.uuid()]);

export function encodeCursor({ createdAt, id }: Cursor): string {
  return Buffer.from(JSON.stringify([createdAt.getTime(), id])).toString('base64url');
}

/** Answers 400 for anything that encodeCursor did not make. */
export function decodeCursor(text: string): Cursor {
  const [createdAtMs, id] = parseCursor(text, cursorSchema);
  return { createdAt: new Date(createdAtMs), id };
}

/** For lists in an order of their own. */
export function parseCursor<S extends z.ZodType>(text: string, schema: S): z.infer<S> {
  const parsed = schema.safeParse(jsonOrNull(Buffer.from(text, 'base64url').toString('utf8')));
  if (parsed.success) return parsed.data;
  throw invalidCursor();
}

export function invalidCursor(): ProblemError {
  return problem(400, 'invalid_cursor', 'The cursor is not one of this list.', {
    remedy: 'Use nextCursor of the page before, or leave cursor out.',
    errors: [{ path: 'cursor', code: 'invalid_cursor', detail: 'Not a cursor of this list.' }],
  });
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A page out of up to `limit + 1` rows: the one too many says that there is a next page. */
export function toPage<Row extends Cursor, Item>(
  rows: Row[],
  limit: number,
  toItem: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(toItem), nextCursor: rows.length > limit && last !== undefined ? encodeCursor(last) : null };
}
