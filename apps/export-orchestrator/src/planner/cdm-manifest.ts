import { AppError } from '@courier/kernel';
import { z } from 'zod';
import type { SnapshotRoots } from './snapshot-roots';
import { openRegular } from './stored-part';

// `model.json` of a Common Data Model folder, as far as we need it: names and types of an entity's columns. Which parts make up the
// snapshot is said by the refresh event, never here; but a manifest that points out of the roots is not trusted at all.

const MANIFEST_BYTES_MAX = 32 * 1024 * 1024;

const formatSchema = z.looseObject({
  columnHeaders: z.boolean().optional(),
  delimiter: z.string().optional(),
  encoding: z.string().optional(),
});

const entitySchema = z.looseObject({
  name: z.string(),
  attributes: z
    .array(z.looseObject({ name: z.string(), dataType: z.string().optional() }))
    .min(1)
    .max(10_000),
  partitions: z.array(z.looseObject({ location: z.string().optional(), fileFormatSettings: formatSchema.optional() })).optional(),
});

const manifestSchema = z.looseObject({ entities: z.array(z.looseObject({ name: z.string().optional() })) });

export interface CdmColumn {
  name: string;
  dataType: string | undefined;
}

/** The columns of an entity in the order of the parts. */
export async function readCdmColumns(file: string, entityName: string, roots: SnapshotRoots): Promise<CdmColumn[]> {
  const manifest = manifestSchema.safeParse(await readJson(file));
  if (!manifest.success) throw unreadable('model.json has no list of entities');
  const found = manifest.data.entities.find((candidate) => candidate.name === entityName);
  if (!found) throw unreadable('model.json does not hold the entity that the event names');
  const entity = entitySchema.safeParse(found);
  if (!entity.success) throw unreadable("the entity's description in model.json has no usable attributes");
  for (const partition of entity.data.partitions ?? []) {
    if (partition.location !== undefined) await roots.check(partition.location, file, 'A partition named in model.json');
    assertSupported(partition.fileFormatSettings);
  }
  return entity.data.attributes.map(({ name, dataType }) => ({ name, dataType }));
}

function assertSupported(format: z.infer<typeof formatSchema> | undefined): void {
  if (format?.columnHeaders === true) throw notSupported('model.json says that the parts have header lines');
  if (format?.delimiter !== undefined && format.delimiter !== ',')
    throw notSupported('model.json names another delimiter than a comma');
  if (format?.encoding !== undefined && !/^utf-?8$/i.test(format.encoding)) {
    throw notSupported('model.json names another encoding than UTF-8');
  }
}

async function readJson(file: string): Promise<unknown> {
  const handle = await openRegular({ source: file, what: 'model.json' });
  try {
    const found = await handle.stat();
    if (found.size > MANIFEST_BYTES_MAX) throw unreadable('model.json is too large');
    // A mark of the byte order is no JSON, but some editors write it.
    return JSON.parse((await handle.readFile('utf8')).replace(/^\uFEFF/, ''));
  } catch (error) {
    if (error instanceof SyntaxError) throw unreadable('model.json is not JSON');
    throw error;
  } finally {
    await handle.close();
  }
}

const unreadable = (detail: string): AppError => new AppError('snapshot_unreadable', detail);
const notSupported = (detail: string): AppError => new AppError('not_supported', detail);
