import { existsSync } from 'node:fs';
import { cdmEntity, cdmEntityNames, type CdmEntity, ManifestError, readingOf } from '@courier/csv-records';
import { exitCodes } from '../exit-codes';
import { OpsError, usageError } from '../ops-error';
import { grouped } from '../tables';
import type { PartFile } from './describe-part';
import { readJsonFile } from './json-file';
import { findParts, type Machine, withoutQuery } from './part-locations';

// `model.json` of a Common Data Model folder, as far as an event needs it: where an entity's parts lie, and how they are read.

const wanted = 'Name the model.json of a Customer Insights folder; parts go with --csv, --ndjson or --parquet.';

export interface AskedEntity extends Machine {
  entityName: string;
}

/** The files of an entity's parts, in the order of the manifest. */
export async function readManifestParts(asked: Omit<AskedEntity, 'exists'>): Promise<PartFile[]> {
  return partFilesOf(await readJsonFile(asked.manifestFile, wanted), { ...asked, exists: existsSync });
}

export function partFilesOf(content: unknown, asked: AskedEntity): PartFile[] {
  try {
    return partsOf(cdmEntity(content, asked.entityName), asked);
  } catch (error) {
    throw error instanceof ManifestError ? refusal(error, content, asked) : error;
  }
}

function partsOf(entity: CdmEntity, machine: Machine): PartFile[] {
  const locations = entity.partitions.map(({ location }) => location);
  const found = findParts(locations, machine);
  const missing = locations.filter((_, index) => found[index] === null);
  if (missing.length > 0) throw notFound(missing, machine.manifestFile);
  return entity.partitions.map((partition, index) => ({ file: found[index] ?? '', reading: readingOf(entity, partition) }));
}

function notFound(locations: readonly string[], manifestFile: string): OpsError {
  return new OpsError({
    code: 'part_missing',
    what: `${grouped(locations.length)} of the parts that ${manifestFile} names cannot be found.`,
    why: 'Their locations lead to no file of this machine, or several of them to one.',
    remedy: 'Say where the lake is mounted or copied: --locations https://account/container=/folder; nothing was published.',
    findings: locations.map(withoutQuery),
    exitCode: exitCodes.usage,
  });
}

function refusal({ code, message }: ManifestError, content: unknown, { manifestFile, entityName }: AskedEntity): OpsError {
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
