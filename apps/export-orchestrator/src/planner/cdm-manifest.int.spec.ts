import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { AppError } from '@courier/kernel';
import { readCdmColumns } from './cdm-manifest';
import { SnapshotRoots } from './snapshot-roots';
import { SnapshotFolder } from './testing/snapshot-folder';

const named = ['snapshot_unreadable', 'snapshot_outside_roots', 'not_supported'];
const secret = 'secret-value';

// model.json comes from outside: whatever it holds, it is read or refused by name.
describe('any model.json', () => {
  let folder: SnapshotFolder;
  let file: string;
  let roots: SnapshotRoots;
  beforeAll(async () => {
    folder = new SnapshotFolder();
    file = join(folder.root, 'model.json');
    mkdirSync(join(folder.base, 'outside'));
    symlinkSync(join(folder.base, 'outside'), join(folder.root, 'link'));
    roots = await SnapshotRoots.of([folder.root]);
  });
  afterAll(() => folder.remove());

  async function read(content: string | Uint8Array): Promise<{ columns: string[] } | { code: string }> {
    writeFileSync(file, content);
    try {
      return { columns: (await readCdmColumns(file, 'Everyone', roots)).map(({ name }) => name) };
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
      const { code, message, context } = error as AppError;
      expect(named).toContain(code);
      expect(`${message} ${JSON.stringify(context)}`).not.toContain(secret);
      return { code };
    }
  }

  it('is refused by name where it is no JSON, and none of it is quoted', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 50 }),
      fc.string().map((text) => Buffer.from(`{"entities": "${secret}" ${text}`)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        expect(await read(content)).toEqual({ code: 'snapshot_unreadable' });
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  const anything = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant(secret));
  const location = fc.oneof(
    anything,
    fc
      .array(fc.constantFrom('..', '%2e%2e', '.', 'a', 'link', '%2f', '\\', ' ', '\0', 'outside'), { maxLength: 5 })
      .map((way) => way.join('/')),
  );
  const partition = fc.oneof(
    anything,
    fc.record(
      {
        location,
        fileFormatSettings: fc.oneof(
          anything,
          fc.record({ columnHeaders: anything, delimiter: anything, encoding: anything }, { requiredKeys: [] }),
        ),
      },
      { requiredKeys: [] },
    ),
  );
  const attribute = fc.oneof(
    anything,
    fc.record({ name: fc.oneof(anything, fc.string()), dataType: anything }, { requiredKeys: [] }),
  );
  const entity = fc.oneof(
    anything,
    fc.record(
      {
        name: fc.oneof(fc.constant('Everyone'), anything),
        attributes: fc.oneof(anything, fc.array(attribute, { maxLength: 3 })),
        partitions: fc.oneof(anything, fc.array(partition, { maxLength: 3 })),
      },
      { requiredKeys: [] },
    ),
  );

  it('is read or refused by name, whatever stands where', async () => {
    let usable = 0;
    const sound = { name: 'Everyone', attributes: [{ name: 'Email' }] };
    const entities = fc.oneof(anything, fc.array(entity, { maxLength: 3 }), partitionsOf(sound));
    await fc.assert(
      fc.asyncProperty(fc.oneof(anything, fc.record({ entities })), async (manifest) => {
        if ('columns' in (await read(JSON.stringify(manifest)))) usable += 1;
      }),
      { numRuns: 1_500, seed: 7 },
    );
    expect(usable).toBeGreaterThan(20);
  });

  const partitionsOf = (sound: object) => fc.array(partition, { maxLength: 3 }).map((partitions) => [{ ...sound, partitions }]);

  it('names no place outside the roots, however the way is written', async () => {
    const way = fc.array(fc.constantFrom('..', '%2e%2e', '%2E.', '.', 'link', 'a', 'outside', ''), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(way, fc.boolean(), async (steps, asUri) => {
        const place = asUri ? `${folder.uri('')}/${steps.join('/')}/part.csv` : `${steps.join('/')}/part.csv`;
        const entities = [{ name: 'Everyone', attributes: [{ name: 'Email' }], partitions: [{ location: place }] }];
        const found = await read(JSON.stringify({ entities }));
        const path = asUri ? resolve(fileURLToPath(place)) : resolve(folder.root, place);
        const inside = path.startsWith(`${folder.root}/`) && !path.startsWith(`${folder.root}/link/`);
        expect(found).toEqual(inside ? { columns: ['Email'] } : { code: 'snapshot_outside_roots' });
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});
