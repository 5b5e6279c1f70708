// Golden fixtures: what each published version of a message looks like on the wire. They are append-only, for somebody's producer
// writes exactly this, and records of that shape lie in topics for a month.
//
// A new version of a message: add src/messages/<name>/v<N>.ts and v<N>.fixture.json beside it, export the definition from index.ts,
// add the fixture's line to fixtures.lock.json (`cd libs/contracts/src && sha256sum messages/<name>/v<N>.fixture.json`; paths there
// begin below src/). An optional field that joins a published version: leave the fixture as it is and add a second one,
// v<N>.<what-joined>.fixture.json, in the same way. A red line for a published fixture means that the schema or the fixture must go
// back; it never means that the lock must change. People in fixtures are invented and live at example domains.
import { describe, expect, it } from '@jest/globals';
import type { MessageDefinition } from '@courier/kernel';
import * as contracts from './index';
import { digests, type Fixture, lockViolations, messageFiles, readJson, withUnknownFields } from './testing/fixtures';

/** Messages of all types in one list. */
type AnyDefinition = Pick<MessageDefinition<never>, 'type' | 'topic' | 'schema'> & { key(data: unknown): string };

function isDefinition(value: unknown): value is AnyDefinition {
  return (
    typeof value === 'object' && value !== null && 'type' in value && 'key' in value && 'schema' in value && 'topic' in value
  );
}

const definitions = Object.values<unknown>(contracts).filter(isDefinition);
const paths = messageFiles(/^v\d+(\.[a-z0-9-]+)?\.fixture\.json$/);
const lock = readJson<Record<string, string>>('fixtures.lock.json');

function definitionOf(type: string): AnyDefinition {
  const found = definitions.find((definition) => definition.type === type);
  if (found === undefined) throw new Error(`no exported message has the type ${type}`);
  return found;
}

function parse(definition: AnyDefinition, document: unknown): unknown {
  const result = definition.schema.safeParse(document);
  return result.success ? result.data : result.error.issues;
}

describe.each(paths)('%s', (path) => {
  const fixture = readJson<Fixture>(path);
  const definition = definitionOf(fixture.type);

  it('belongs to the version that its name says and to its topic', () => {
    expect(fixture.type).toMatch(new RegExp(`\\.${/v\d+/.exec(path)?.[0]}$`));
    expect(definition.topic).toBe(fixture.topic);
  });

  it.each(fixture.examples)('comes out of its definition as it went in: $about', ({ data, parsed }) => {
    expect(parse(definition, data)).toEqual(parsed ?? data);
  });

  it.each(fixture.examples)('leads to its documented key: $about', ({ data, key }) => {
    expect(definition.key(parse(definition, data))).toBe(key);
  });

  it.each(fixture.examples)('is read with fields of a later version in it: $about', ({ data, parsed }) => {
    const read = parse(definition, withUnknownFields(data));
    expect(read).toMatchObject(parsed ?? data);
  });
});

describe('the golden fixtures', () => {
  it('cover every version of every message', () => {
    const covered = new Set(paths.map((path) => readJson<Fixture>(path).type));
    expect(definitions.map(({ type }) => type).filter((type) => !covered.has(type))).toEqual([]);
    expect(definitions).toHaveLength(messageFiles(/^v\d+\.ts$/).length);
  });

  it('are those that were published, and every one has its line in the lock', () => {
    expect(lockViolations(lock, digests(paths))).toEqual([]);
  });

  it('turn red when a published one is changed or removed, or a new one has no line', () => {
    const published = { 'messages/a/v1.fixture.json': '11', 'messages/b/v1.fixture.json': '22' };
    expect(lockViolations(published, published)).toEqual([]);
    expect(lockViolations(published, { 'messages/a/v1.fixture.json': '33', 'messages/c/v1.fixture.json': '44' })).toEqual([
      'messages/a/v1.fixture.json was published and has changed',
      'messages/b/v1.fixture.json was published and is gone',
      'messages/c/v1.fixture.json has no line in fixtures.lock.json',
    ]);
  });
});
