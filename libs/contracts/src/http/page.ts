import { z } from 'zod';

/** The query of every list: at most 200 items, newest first, continued from an opaque cursor. */
export const pageQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
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
