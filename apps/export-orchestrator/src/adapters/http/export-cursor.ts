import { invalidCursor, parseCursor } from '@courier/http';
import { z } from 'zod';
import type { ExportOrder, ExportRecord, ExportSort } from '../../domain/export';

export const exportSorts = ['createdAt', '-createdAt', 'name', '-name', 'updatedAt', '-updatedAt'] as const;

const cursorSchema = z.tuple([z.enum(exportSorts), z.string().max(200), z.uuid()]);

export function orderOf(sort: (typeof exportSorts)[number]): ExportOrder {
  return { by: sort.replace('-', '') as ExportSort, descending: sort.startsWith('-') };
}

/** Where a page ended: the order it was in, and the last row's place in it. */
export function exportCursor(sort: (typeof exportSorts)[number], last: ExportRecord): string {
  const value = last[orderOf(sort).by];
  const text = value instanceof Date ? value.toISOString() : value;
  return Buffer.from(JSON.stringify([sort, text, last.id])).toString('base64url');
}

/** A cursor of another order would skip and repeat, so it is none of this list. */
export function afterExport(sort: (typeof exportSorts)[number], cursor: string): { value: string; id: string } {
  const [of, value, id] = parseCursor(cursor, cursorSchema);
  const isTime = orderOf(sort).by !== 'name';
  if (of !== sort || (isTime && !z.iso.datetime().safeParse(value).success) || value.includes('\0')) throw invalidCursor();
  return { value, id };
}
