import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { notSupported, usageError } from '../ops-error';
import { readJsonFile } from './json-file';

// `model.json` of a Common Data Model folder, as far as an event needs it: where an entity's parts lie.

const manifestSchema = z.looseObject({ entities: z.array(z.looseObject({ name: z.string() })) });

const entitySchema = z.looseObject({
  attributes: z.array(z.looseObject({ name: z.string() })).min(1, 'the entity has no attributes'),
  partitions: z
    .array(
      z.looseObject({
        location: z.string().min(1),
        fileFormatSettings: z.looseObject({ columnHeaders: z.boolean().optional(), delimiter: z.string().optional() }).optional(),
      }),
    )
    .default([]),
});

const wanted = 'Name the model.json of a Customer Insights folder; parts go with --csv, --ndjson or --parquet.';

/** The files of an entity's parts, in the order of the manifest. */
export async function readManifestParts(manifestFile: string, entityName: string): Promise<string[]> {
  return partFilesOf(await readJsonFile(manifestFile, wanted), manifestFile, entityName);
}

export function partFilesOf(content: unknown, manifestFile: string, entityName: string): string[] {
  const manifest = manifestSchema.safeParse(content);
  if (!manifest.success)
    throw usageError(`${manifestFile} cannot be used.`, 'It is no model.json: it holds no list of entities.', wanted);
  const { entities } = manifest.data;
  const found = entities.find(({ name }) => name === entityName);
  if (found === undefined) {
    const names = entities.map(({ name }) => name).join(', ');
    throw usageError(`There is no entity ${entityName}.`, `${manifestFile} does not hold it.`, `It holds: ${names || 'none'}.`);
  }
  const entity = entitySchema.safeParse(found);
  if (!entity.success) {
    const [issue] = entity.error.issues;
    throw usageError(`The entity ${entityName} cannot be used.`, `${issue?.path.map(String).join('.')}: ${issue?.message}`);
  }
  return entity.data.partitions.map(({ location, fileFormatSettings }) => {
    if (fileFormatSettings?.columnHeaders === true)
      throw notSupported('A part with a header line', 'Export the parts without it.');
    if ((fileFormatSettings?.delimiter ?? ',') !== ',')
      throw notSupported('Another delimiter than a comma', 'Export with commas.');
    return partFile(location, manifestFile);
  });
}

/** A location is a `file:` URI, an absolute path, or a path that counts from the manifest's folder. */
function partFile(location: string, manifestFile: string): string {
  if (!/^[A-Za-z][A-Za-z0-9+.-]+:/.test(location)) return resolve(dirname(manifestFile), location);
  try {
    const url = new URL(location);
    if (url.protocol === 'file:') return fileURLToPath(url);
  } catch (error) {
    throw usageError(`The part ${location} cannot be read.`, `It is no usable URI: ${(error as Error).message}.`);
  }
  throw notSupported(`The part ${location}`, 'Copy the folder to this machine and name its files in model.json.');
}
