import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// Answers as Klaviyo's own OpenAPI document (klaviyo-openapi.json: the answers of the operations that the sink calls, without its texts)
// describes them: a full one of each operation, and every place in it that the document lets be null or absent.

interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  nullable?: boolean;
  items?: Schema;
  enum?: string[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

type Responses = Record<string, { content: Record<string, { schema: Schema }> }>;

interface OpenApi {
  paths: Record<string, Record<string, { responses: Responses }>>;
  components: { responses: Responses; schemas: Record<string, Schema> };
}

/** Where something stands in an answer: names of properties, and positions in arrays. */
export type Place = readonly (string | number)[];

export interface PlaceOfAnswer {
  place: Place;
  /** The document calls it optional or nullable. */
  mayBeMissing: boolean;
}

const document = JSON.parse(readFileSync(join(__dirname, 'klaviyo-openapi.json'), 'utf8')) as OpenApi;

/** Properties whose value has to make sense; the document gives types only. What is looked up is by the name of the property. */
const sensible: Record<string, unknown> = {
  created_at: '2026-09-04T13:40:00+00:00',
  next: 'https://a.klaviyo.com/api/lists?page%5Bcursor%5D=abc',
  pointer: '/data/attributes/profiles/data/3/attributes/email',
  original_payload: { email: 'a@x.io' },
};

export function answerSchema(path: string, method: 'get' | 'post'): Schema {
  const responses = document.paths[path]?.[method]?.responses ?? {};
  return schemaIn(responses, Object.keys(responses).find((status) => status.startsWith('2')) ?? '');
}

export const errorSchema = (): Schema => schemaIn(document.components.responses, 'ClientError');

function schemaIn(responses: Responses, name: string): Schema {
  const schema = responses[name]?.content['application/vnd.api+json']?.schema;
  if (schema === undefined) throw new Error(`The document has no answer ${name}`);
  return schema;
}

/** Everything that the document knows is present. */
export function fullAnswer(schema: Schema, place: Place = []): unknown {
  const { allOf, oneOf, items, properties, ...flat } = resolved(schema);
  const name = String(place.at(-1));
  if (name in sensible) return sensible[name];
  if (allOf !== undefined) return allOf.map((part) => fullAnswer(part, place)).reduce(merged);
  if (oneOf?.[0] !== undefined) return fullAnswer(oneOf[0], place);
  if (items !== undefined) return [0, 1].map((index) => fullAnswer(items, [...place, index]));
  if (properties !== undefined || flat.type === 'object') {
    return Object.fromEntries(
      Object.entries(properties ?? {}).map(([key, property]) => [key, fullAnswer(property, [...place, key])]),
    );
  }
  if (flat.enum?.[0] !== undefined) return flat.enum[0];
  if (flat.type === 'integer' || flat.type === 'number') return 3;
  return flat.type === 'boolean' ? true : place.join('-');
}

/** Every property of the answer, of arrays in their first element. */
export function placesOf(schema: Schema, place: Place = []): PlaceOfAnswer[] {
  const { allOf, oneOf, items, properties, required } = resolved(schema);
  if (String(place.at(-1)) in sensible) return [];
  if (allOf !== undefined) return allOf.flatMap((part) => placesOf(part, place));
  if (oneOf?.[0] !== undefined) return placesOf(oneOf[0], place);
  if (items !== undefined) return placesOf(items, [...place, 0]);
  return Object.entries(properties ?? {}).flatMap(([key, property]) => {
    const own = {
      place: [...place, key],
      mayBeMissing: required?.includes(key) !== true || resolved(property).nullable === true,
    };
    return [own, ...placesOf(property, own.place)];
  });
}

/** The answer with another value at a place; `undefined` removes it. */
export function changedAnswer(answer: unknown, place: Place, value: unknown): unknown {
  const changed: unknown = structuredClone(answer);
  const last = place.at(-1) ?? '';
  const holder = place.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], changed);
  if (value === undefined) delete (holder as Record<string, unknown>)[last];
  else (holder as Record<string, unknown>)[last] = value;
  return changed;
}

function resolved(schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : resolved(document.components.schemas[name] ?? {});
}

function merged(left: unknown, right: unknown): unknown {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return right;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  const at = (of: object, key: string): unknown => (of as Record<string, unknown>)[key];
  return Object.fromEntries(
    [...keys].map((key) => [
      key,
      key in left && key in right ? merged(at(left, key), at(right, key)) : (at(right, key) ?? at(left, key)),
    ]),
  );
}
