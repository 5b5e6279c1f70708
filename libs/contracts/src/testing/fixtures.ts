import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The golden fixture of one version of one message. */
export interface Fixture {
  /** CloudEvents type and topic, frozen with the documents. */
  type: string;
  topic: string;
  examples: Example[];
}

export interface Example {
  about: string;
  /** The record key that `data` must lead to. */
  key: string;
  data: Record<string, unknown>;
  /** What a reader sees, where that is more than `data`: defaults filled in. */
  parsed?: Record<string, unknown>;
}

const source = join(__dirname, '..');

/** Paths below src/ of all files whose names fit, with forward slashes, sorted. */
export function messageFiles(name: RegExp): string[] {
  return readdirSync(join(source, 'messages'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => relative(source, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(join(source, path), 'utf8')) as T;
}

/** Path → hex SHA-256 of the file as it is. */
export function digests(paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    paths.map((path) => [
      path,
      createHash('sha256')
        .update(readFileSync(join(source, path)))
        .digest('hex'),
    ]),
  );
}

/** What is wrong with the fixtures, by path, when `lock` names those that were published; empty when they agree. */
export function lockViolations(lock: Record<string, string>, present: Record<string, string>): string[] {
  const published = Object.entries(lock).flatMap(([path, digest]) => {
    if (present[path] === undefined) return [`${path} was published and is gone`];
    return present[path] === digest ? [] : [`${path} was published and has changed`];
  });
  const added = Object.keys(present).filter((path) => lock[path] === undefined);
  return [...published, ...added.map((path) => `${path} has no line in fixtures.lock.json`)];
}

/** `document` as a later version might write it: every object in it, at any depth, has one field more. */
export function withUnknownFields(document: unknown): unknown {
  if (Array.isArray(document)) return document.map(withUnknownFields);
  if (typeof document !== 'object' || document === null) return document;
  // A number, so that it is no stranger in a record of counts either.
  const fields = Object.entries(document).map(([name, value]) => [name, withUnknownFields(value)]);
  return Object.fromEntries([...fields, ['field_of_a_later_version', 1]]);
}
