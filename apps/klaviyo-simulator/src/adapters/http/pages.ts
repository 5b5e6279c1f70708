import { invalidParameter } from '../../domain/refusal';
import type { Exchange, Links } from './exchange';

export interface PageRequest {
  size: number;
  /** What the cursor says: everything up to and including this position was read. */
  after: string | null;
}

export function readPage(exchange: Exchange, sizes: { standard: number; max: number }): PageRequest {
  const size = exchange.query.get('page[size]');
  if (size !== null && (!/^\d+$/.test(size) || Number(size) < 1 || Number(size) > sizes.max)) {
    throw invalidParameter(`Page size must be an integer between 1 and ${sizes.max}.`, 'page[size]');
  }
  return { size: size === null ? sizes.standard : Number(size), after: readCursor(exchange.query.get('page[cursor]')) };
}

function readCursor(cursor: string | null): string | null {
  if (cursor === null) return null;
  const after = /^next::id::([\w-]+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8'))?.[1];
  if (after === undefined) throw invalidParameter('Invalid cursor provided.', 'page[cursor]');
  return after;
}

/** Klaviyo sends `next` and `prev` as null where there is none. */
export function pageLinks(exchange: Exchange, next: string | null): Links {
  if (next === null) return { self: exchange.self, next: null, prev: null };
  const url = new URL(exchange.self);
  url.searchParams.set('page[cursor]', Buffer.from(`next::id::${next}`).toString('base64'));
  return { self: exchange.self, next: url.href, prev: null };
}

/** The cursor as a number; what is no number of ours was not made by us. */
export function cursorNumber(page: PageRequest): number | null {
  if (page.after === null) return null;
  if (!/^\d+$/.test(page.after)) throw invalidParameter('Invalid cursor provided.', 'page[cursor]');
  return Number(page.after);
}

/** The fields that a caller wants of one resource type, or null for all. */
export function readFields(exchange: Exchange, type: string, known: readonly string[]): ReadonlySet<string> | null {
  const parameter = `fields[${type}]`;
  return readChoices(exchange, parameter, known);
}

export function readChoices(exchange: Exchange, parameter: string, known: readonly string[]): ReadonlySet<string> | null {
  const value = exchange.query.get(parameter);
  if (value === null) return null;
  const names = value.split(',');
  const strange = names.find((name) => !known.includes(name));
  if (strange !== undefined) throw invalidParameter(`'${strange}' is not a valid value for '${parameter}'.`, parameter);
  return new Set(names);
}

/** One sort key, forwards or backwards. */
export function readSort(exchange: Exchange, known: readonly string[], standard: string): { key: string; descending: boolean } {
  const sort = exchange.query.get('sort') ?? standard;
  const descending = sort.startsWith('-');
  const key = descending ? sort.slice(1) : sort;
  if (!known.includes(key)) throw invalidParameter(`'${sort}' is not a valid sort.`, 'sort');
  return { key, descending };
}

export function sparse(attributes: Record<string, unknown>, fields: ReadonlySet<string> | null): Record<string, unknown> {
  if (fields === null) return attributes;
  const wanted = new Set([...fields].map((field) => field.split('.')[0] ?? field));
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => wanted.has(name)));
}
