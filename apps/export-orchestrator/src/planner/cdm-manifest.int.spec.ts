import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { AppError } from '@courier/kernel';
import { readingOfFile } from '@courier/csv-records';
import { manifestRead, readCdmEntity } from './cdm-manifest';
import { SnapshotFolder } from './testing/snapshot-folder';

const named = ['snapshot_unreadable', 'not_supported'];
const secret = 'secret-value';

// model.json comes from outside: whatever it holds, it is read or refused by name.
describe('any model.json', () => {
  let folder: SnapshotFolder;
  let file: string;
  beforeAll(() => {
    folder = new SnapshotFolder();
    file = join(folder.root, 'model.json');
  });
  afterAll(() => folder.remove());

  async function read(content: string | Uint8Array): Promise<{ columns: string[] } | { code: string }> {
    writeFileSync(file, content);
    try {
      const entity = await readCdmEntity(file, 'Everyone');
      manifestRead(() => readingOfFile(entity, 'file:///mnt/a/part.csv'));
      return { columns: entity.columns.map(({ name }) => name) };
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
  const location = fc.oneof(anything, fc.constantFrom('a/part.csv', 'https://x/c/a/part.csv?sig=secret-value', '%2e%2e/%ff'));
  const partition = fc.oneof(
    anything,
    fc.record(
      {
        location,
        fileFormatSettings: fc.oneof(
          anything,
          fc.record(
            {
              columnHeaders: fc.oneof(fc.constant(true), anything),
              delimiter: fc.oneof(fc.constant(';'), anything),
              quoteStyle: fc.oneof(fc.constant('QuoteStyle.None'), anything),
              csvStyle: fc.oneof(fc.constant('CsvStyle.QuoteAlways'), anything),
              encoding: fc.oneof(fc.constant('utf-8'), anything),
              [secret]: anything,
            },
            { requiredKeys: [] },
          ),
        ),
        'cdm:traits': fc.oneof(
          anything,
          fc.array(fc.oneof(anything, fc.record({ traitReference: anything, arguments: anything }))),
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
      fc.asyncProperty(
        fc.oneof(
          anything,
          fc.record({ entities, culture: fc.oneof(fc.constantFrom(null, 'de-DE'), anything) }, { requiredKeys: ['entities'] }),
        ),
        async (manifest) => {
          if ('columns' in (await read(JSON.stringify(manifest)))) usable += 1;
        },
      ),
      { numRuns: 1_500, seed: 7 },
    );
    expect(usable).toBeGreaterThan(20);
  });

  const partitionsOf = (sound: object) => fc.array(partition, { maxLength: 3 }).map((partitions) => [{ ...sound, partitions }]);
});
