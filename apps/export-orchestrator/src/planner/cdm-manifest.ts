import { cdmEntity, type CdmEntity, ManifestError } from '@courier/csv-records';
import { AppError } from '@courier/kernel';
import { openRegular } from './stored-part';

// `model.json` of a Common Data Model folder: names and types of an entity's columns, and how its parts are read. Which parts make up
// the snapshot is said by the refresh event, never here, so the locations in it are not looked at: they may lead to another machine.

const MANIFEST_BYTES_MAX = 32 * 1024 * 1024;

/** `file` is a real one, inside a root. Errors: `snapshot_missing`, `snapshot_unreadable`, `not_supported`. */
export async function readCdmEntity(file: string, entityName: string): Promise<CdmEntity> {
  const content = await readJson(file);
  return manifestRead(() => cdmEntity(content, entityName));
}

/** What `read` makes of a manifest; its refusals as the codes of a plan. */
export function manifestRead<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw new AppError(error.code === 'not_supported' ? 'not_supported' : 'snapshot_unreadable', error.message);
  }
}

async function readJson(file: string): Promise<unknown> {
  const handle = await openRegular({ source: file, what: 'model.json' });
  try {
    const found = await handle.stat();
    if (found.size > MANIFEST_BYTES_MAX) throw new AppError('snapshot_unreadable', 'model.json is too large');
    // A mark of the byte order is no JSON, but some editors write it.
    return JSON.parse((await handle.readFile('utf8')).replace(/^\uFEFF/, ''));
  } catch (error) {
    if (error instanceof SyntaxError) throw new AppError('snapshot_unreadable', 'model.json is not JSON');
    throw error;
  } finally {
    await handle.close();
  }
}
