import { randomUUID } from 'node:crypto';
import { mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';

// The only place where profiles lie in the clear: a folder for each plan or merge, removed when its child is gone, and swept at start
// for those whose service was killed. Each instance needs a base folder of its own (CONTRACT: on its local disk).

const PREFIX = 'plan-';

/** Makes the folder of one plan, named after this process so that a sweep can tell whose it is. */
export async function makePrivateFolder(base: string): Promise<string> {
  await mkdir(base, { recursive: true, mode: 0o700 });
  const folder = join(await realpath(base), `${PREFIX}${process.pid}-${randomUUID()}`);
  await mkdir(folder, { mode: 0o700 });
  inUse.add(folder);
  return folder;
}

export async function removePrivateFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  inUse.delete(folder);
}

/** Folders of this process that are in use; others that carry its id are of a predecessor with the same one (in a container, 1). */
const inUse = new Set<string>();

/** Removes what plans of dead processes left behind; returns how many folders. Call it once, before the first plan. */
export async function sweepPrivateFolders(base: string): Promise<number> {
  await mkdir(base, { recursive: true, mode: 0o700 });
  const real = await realpath(base);
  let swept = 0;
  for (const name of await readdir(real)) {
    const owner = /^plan-(\d+)-/.exec(name)?.[1];
    const folder = join(real, name);
    if (owner === undefined || inUse.has(folder)) continue;
    if (Number(owner) !== process.pid && isAlive(Number(owner))) continue;
    await rm(folder, { recursive: true, force: true });
    swept += 1;
  }
  return swept;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, as another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
