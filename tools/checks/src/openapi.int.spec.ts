import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';

const root = join(__dirname, '../../..');
/** Each is a process of its own that loads a lot, on a machine four times slower than a usual one. */
const CHECKED_MAX_MS = 400_000;
const services = ['connection-service', 'export-orchestrator', 'klaviyo-sink'];

interface Json {
  [key: string]: Json;
}

function read(service: string): Json {
  return JSON.parse(readFileSync(join(root, 'docs/openapi', `${service}.json`), 'utf8')) as Json;
}

const damages: [string, (operation: Json) => void, string][] = [
  ['an operation without an id', (operation) => delete operation['operationId'], 'operation-operationId'],
  [
    'a reference to nothing',
    (operation) => (operation['responses'] = { 200: { $ref: '#/nowhere' } as never }),
    'no-unresolved-refs',
  ],
  ['a path parameter that nobody declares', (operation) => (operation['parameters'] = [] as never), 'path-parameters-defined'],
  ['a status that is not told', (operation) => delete operation['responses']?.['401'], 'says nothing about 401'],
  ['a problem of another shape', (operation) => delete operation['responses']?.['404']?.['content'], '404 is no Problem'],
  ['an answer without an example', (operation) => delete operation['responses']?.['200']?.['content'], '200 has no example'],
  [
    'an example that is none',
    (operation) =>
      Object.assign(operation['responses']?.['200']?.['content']?.['application/json'] ?? {}, { example: { id: 1 } }),
    'no-invalid-media-type-examples',
  ],
];

function damaged(damage: (operation: Json) => void): Json {
  const document = read('export-orchestrator');
  const operation = document['paths']?.['/v1/exports/{id}']?.['get'];
  if (operation === undefined) throw new Error('the operation is gone');
  damage(operation);
  return document;
}

/** In one process of its own: the linter is an ES module. */
function lint(documents: Json[]): string[][] {
  const options = { cwd: root, input: JSON.stringify(documents), encoding: 'utf8' } as const;
  return JSON.parse(execFileSync(process.execPath, ['tools/checks/rules/lint-openapi.mjs'], options)) as string[][];
}

describe('the OpenAPI documents', () => {
  let complaints: string[][];
  beforeAll(() => {
    complaints = lint([...services.map(read), ...damages.map(([, damage]) => damaged(damage))]);
  }, CHECKED_MAX_MS);

  it.each(services)('of %s has nothing that the linter complains about', (service) => {
    expect(complaints[services.indexOf(service)]).toEqual([]);
  });

  it(
    'are what the built services say, and so are the types of the client',
    () => {
      const { status, stderr } = spawnSync(process.execPath, ['tools/checks/openapi.mjs', '--check'], {
        cwd: root,
        encoding: 'utf8',
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    },
    CHECKED_MAX_MS,
  );

  it.each(damages.map(([about, , complaint], index) => ({ about, complaint, index })))(
    'would not pass with $about',
    ({ complaint, index }) => {
      expect(complaints[services.length + index]?.join('\n')).toContain(complaint);
    },
  );
});
