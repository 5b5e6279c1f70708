import { z } from 'zod';

/**
 * What is handed out as nextCursor is accepted: a name of 200 characters makes 1,700 in base64, and Klaviyo's cursors, which go through
 * the sink as they are, have no promised length. Node takes 16 kB of headers, the URL among them.
 */
const CURSOR_MAX = 8_000;

/** The query of every list: at most 200 items, newest first, continued from an opaque cursor. */
export const pageQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(CURSOR_MAX).optional(),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** A page of these; its example shows one of them. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  const shown = item.meta()?.example;
  return z
    .object({ items: z.array(item), nextCursor: z.string().nullable() })
    .meta({ example: { items: shown === undefined ? [] : [shown], nextCursor: null } });
}
