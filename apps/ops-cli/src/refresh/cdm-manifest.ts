import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cdmEntity, cdmEntityNames, type CdmEntity, ManifestError, readingOf } from '@courier/csv-records';
import { exitCodes } from '../exit-codes';
import { notSupported, OpsError, usageError } from '../ops-error';
import type { PartFile } from './describe-part';
import { readJsonFile } from './json-file';

// `model.json` of a Common Data Model folder, as far as an event needs it: where an entity's parts lie, and how they are read.

const wanted = 'Name the model.json of a Customer Insights folder; parts go with --csv, --ndjson or --parquet.';

/** The files of an entity's parts, in the order of the manifest. */
export async function readManifestParts(manifestFile: string, entityName: string): Promise<PartFile[]> {
  return partFilesOf(await readJsonFile(manifestFile, wanted), manifestFile, entityName);
}

export function partFilesOf(content: unknown, manifestFile: string, entityName: string): PartFile[] {
  try {
    const entity = cdmEntity(content, entityName);
    return partsOf(entity, manifestFile);
  } catch (error) {
    throw error instanceof ManifestError ? refusal(error, { content, manifestFile, entityName }) : error;
  }
}

function partsOf(entity: CdmEntity, manifestFile: string): PartFile[] {
  return entity.partitions.map((partition) => ({
    file: partFile(partition.location, manifestFile),
    reading: readingOf(entity, partition),
  }));
}

interface Asked {
  content: unknown;
  manifestFile: string;
  entityName: string;
}

function refusal({ code, message }: ManifestError, { content, manifestFile, entityName }: Asked): OpsError {
  if (code === 'entity_missing') {
    const names = cdmEntityNames(content).join(', ');
    return usageError(`There is no entity ${entityName}.`, `${manifestFile} does not hold it.`, `It holds: ${names || 'none'}.`);
  }
  if (code === 'unreadable') return usageError(`${manifestFile} cannot be used.`, `${message}.`, wanted);
  return new OpsError({
    code,
    what: `${manifestFile} cannot be used.`,
    why: `${message}.`,
    remedy: 'Export the segment again with settings that this version reads (docs/customer-insights.md names them).',
    exitCode: exitCodes.usage,
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
