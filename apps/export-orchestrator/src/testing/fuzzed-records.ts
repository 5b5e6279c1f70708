import fc from 'fast-check';
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { RawHeaderValue, RawRecord } from '@courier/testing';
import { refreshOf } from './messages';

/** Stands for a profile's value: it must not come back in anything that is said about a record. */
export const canary = 'canary.person@mail.example.org';

export interface FuzzedRecord extends RawRecord {
  /** Its ce_id, where it has one that can be read. */
  id?: string;
}

/** An index row of PostgreSQL has no room for it, and no compression makes it fit. */
const incompressible = Array.from({ length: 120 }, (_, index) => createHash('sha256').update(`${index}`).digest('hex')).join('');

const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(canary, `\u0000${canary}`, '\ud800', '', 'x'.repeat(5_000), '__proto__', 'constructor', '2026-02-30T99:00:00Z'),
);

const anything = fc.oneof(
  text,
  fc.constantFrom<unknown>(null, true, -1, 0, 1.5, 1e308, 2 ** 53, -(2 ** 63), {}, [], nested(3_000), { [canary]: canary }),
  fc.jsonValue({ maxDepth: 2, noUnicodeString: false } as fc.JsonSharedConstraints),
);

/** A valid refresh with one to three places changed, removed or added. */
const nearlyRefresh = fc
  .tuple(
    fc.integer({ min: 0, max: 10 ** 6 }),
    fc.constantFrom('dev', 'dev', 'elsewhere'),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom('change', 'remove', 'add'), anything), { maxLength: 3 }),
  )
  .map(([sequence, environmentId, changes]) => {
    const event = structuredClone(refreshOf('Seg1', sequence, { environmentId })) as unknown as Record<string, unknown>;
    for (const [place, way, value] of changes) alter(event, place, way, value);
    return Buffer.from(JSON.stringify(event));
  });

function alter(event: object, place: number, way: string, value: unknown): void {
  const places: [object, string][] = [];
  const walk = (node: unknown) => {
    if (typeof node !== 'object' || node === null || places.length > 500) return;
    for (const name of Object.keys(node)) {
      places.push([node, name]);
      walk((node as Record<string, unknown>)[name]);
    }
  };
  walk(event);
  const [node, name] = places[place % Math.max(places.length, 1)] ?? [event, 'x'];
  if (way === 'remove') Reflect.deleteProperty(node, name);
  // A copy: what is put in may be changed by the next change, and is one object for all records.
  else Reflect.set(node, way === 'add' ? `${name} ${canary}` : name, structuredClone(value));
}

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const value = fc.oneof(
  { weight: 6, arbitrary: nearlyRefresh },
  { weight: 1, arbitrary: anything.map((any) => Buffer.from(JSON.stringify(any) ?? '')) },
  { weight: 1, arbitrary: bytes },
  { weight: 1, arbitrary: fc.constantFrom(null, Buffer.alloc(0), Buffer.from(`{"a":"${canary}`), Buffer.alloc(900_000, ' ')) },
);

const headersOf = (id: string) => {
  return { ce_specversion: '1.0', ce_id: id, ce_source: '/upstream', ce_type: 'segment.refreshed.v1' };
};
const attributes = ['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time', 'ce_subject'];
const rightHeaders = fc.integer({ min: 0, max: 10 ** 9 }).map((id) => headersOf(`event-${id}`));
const headerValue: fc.Arbitrary<RawHeaderValue> = fc.oneof(
  text,
  bytes,
  fc.constant(null),
  fc.constantFrom('€'.repeat(990), 'x'.repeat(1_000), incompressible, 'segment.refreshed.v2', 'event-0', canary, `\n${canary}`),
);
/** At times several of one name. */
const header = fc.oneof({ weight: 4, arbitrary: headerValue }, { weight: 1, arbitrary: fc.array(headerValue, { maxLength: 3 }) });
const wrongHeaders = fc
  .tuple(rightHeaders, fc.dictionary(fc.constantFrom(...attributes, 'traceparent', 'tracestate'), header))
  .map(([right, wrong]) => ({ ...right, ...wrong }));
const headers = fc.oneof(
  { weight: 5, arbitrary: rightHeaders },
  { weight: 2, arbitrary: wrongHeaders },
  { weight: 1, arbitrary: fc.dictionary(fc.string({ minLength: 1, maxLength: 9 }), header) },
);

/** In Kafka headers are pairs, and neither a name nor a value has to be text. */
const pairs = fc.array(fc.tuple(fc.oneof(bytes, fc.constantFrom<string>(...attributes)), headerValue), { maxLength: 5 });
const record = fc.record({
  key: fc.option(bytes, { nil: null }),
  value,
  headers: fc.oneof(
    { weight: 8, arbitrary: headers as fc.Arbitrary<RawRecord['headers']> },
    {
      weight: 1,
      arbitrary: fc.tuple(rightHeaders, pairs).map(([right, odd]): RawRecord['headers'] => [...Object.entries(right), ...odd]),
    },
  ),
});

/** What chance seldom makes: records that are right but for one thing, which nothing but the decoding keeps from PostgreSQL or from a log. */
export function trapRecords(): FuzzedRecord[] {
  const texts = [`\u0000${canary}`, '\ud800', nested(3_000)];
  const values = texts.map((trap, sequence) => {
    const event = refreshOf('Seg1', sequence);
    return { value: Buffer.from(JSON.stringify({ ...event, segment: { ...event.segment, displayName: trap } })), headers: {} };
  });
  const wrong = [{ ce_id: `\u0000${canary}` }, { ce_source: incompressible }, { ce_type: canary }];
  const right = Buffer.from(JSON.stringify(refreshOf('Seg1', 10 ** 7)));
  return [...values, ...wrong.map((headers) => ({ value: right, headers }))].map((trap, index) => {
    const found = { ...headersOf(`trap-${index}`), ...trap.headers };
    return { key: null, value: trap.value, headers: found, id: found.ce_id };
  });
}

export function fuzzedRecords(count: number, seed: number): FuzzedRecord[] {
  return fc.sample(record, { numRuns: count, seed }).map((made) => {
    const id = firstId(made.headers);
    return id === null ? made : { ...made, id };
  });
}

function firstId(headers: RawRecord['headers']): string | null {
  const found = Array.isArray(headers) ? headers.flatMap(([name, value]) => (name === 'ce_id' ? [value] : [])) : [];
  const values = Array.isArray(headers) ? found : [(headers as Record<string, RawHeaderValue>)['ce_id'] ?? null].flat();
  const first = values.find((value: RawHeaderValue) => value !== null) as Buffer | string | undefined;
  return first === undefined || !isUtf8(Buffer.from(first)) ? null : first.toString();
}
