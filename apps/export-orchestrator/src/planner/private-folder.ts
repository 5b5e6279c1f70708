import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { lstat, mkdir, readdir, realpath, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@courier/kernel';

// The only place where profiles lie in the clear: a folder for each plan or merge, removed when its child is gone, and swept for those
// whose service was killed. Several containers may share the base folder, and each of them may be process 1: a process id says something
// only of processes of the same place; of all others a plan tells by its time, which its service keeps touching, whether it is in use.

const PREFIX = 'plan-';
const TOUCH_MS = 10_000;
/** Longer than the lease of a run lives without its owner: who has not touched a plan for so long may not go on with it anyway. */
const UNTOUCHED_MAX_MS = 120_000;
const OTHERS_MAY_WRITE = 0o022;

/** Folders of this process that are in use; others that carry its id are of a predecessor with the same one. */
const inUse = new Map<string, NodeJS.Timeout>();

/**
 * Makes the folder of one plan, named after this process so that a sweep can tell whose it is.
 * Throws AppError `planner_dir_unsafe` where others own the base folder or may write into it.
 */
export async function makePrivateFolder(base: string, touchMs = TOUCH_MS): Promise<string> {
  const folder = join(await privateBase(base), `${PREFIX}${place()}-${process.pid}-${randomUUID()}`);
  await mkdir(folder, { mode: 0o700 });
  const touching = setInterval(() => {
    // Where it is gone there is nothing to keep; the plan itself says so.
    utimes(folder, new Date(), new Date()).catch(() => clearInterval(touching));
  }, touchMs);
  inUse.set(folder, touching.unref());
  return folder;
}

export async function removePrivateFolder(folder: string): Promise<void> {
  clearInterval(inUse.get(folder));
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  inUse.delete(folder);
}

/**
 * Removes what plans of dead processes left behind; returns how many folders.
 * Throws AppError `planner_dir_unsafe` where others own the base folder or may write into it.
 */
export async function sweepPrivateFolders(base: string): Promise<number> {
  const real = await privateBase(base);
  let swept = 0;
  for (const name of await readdir(real)) {
    const folder = join(real, name);
    if (inUse.has(folder) || !(await isLeftover(folder, name))) continue;
    await rm(folder, { recursive: true, force: true });
    swept += 1;
  }
  return swept;
}

async function isLeftover(folder: string, name: string): Promise<boolean> {
  const [, owner, pid] = /^plan-(?:(\w+)-)?(\d+)-[\da-f]{8}-/.exec(name) ?? [];
  if (pid === undefined) return false;
  if (owner === place() && (Number(pid) === process.pid || !isAlive(Number(pid)))) return true;
  const touchedMs = await lstat(folder).then(
    ({ mtimeMs }) => mtimeMs,
    // Its service has removed it meanwhile.
    () => Infinity,
  );
  return Date.now() - touchedMs > UNTOUCHED_MAX_MS;
}

/** Others could read what is planned, or put a link where it will be written. */
async function privateBase(base: string): Promise<string> {
  await mkdir(base, { recursive: true, mode: 0o700 });
  const real = await realpath(base);
  const { uid, mode } = await stat(real);
  if (process.getuid !== undefined && uid !== process.getuid()) throw unsafe('belongs to another user');
  if ((mode & OTHERS_MAY_WRITE) !== 0) throw unsafe('is writable for other users');
  return real;
}

function unsafe(why: string): AppError {
  return new AppError('planner_dir_unsafe', `PLANNER_DIR ${why}; give a folder of the service's own user`, { retryable: true });
}

/** The process table that this process is in. Linux names it by boot and namespace; elsewhere there is one for each machine. */
function place(): string {
  const boot = '/proc/sys/kernel/random/boot_id';
  const namespace = '/proc/self/ns/pid';
  const names = existsSync(namespace) ? [readFileSync(boot, 'utf8'), readlinkSync(namespace)] : [];
  return createHash('sha256')
    .update([hostname(), ...names].join('\n'))
    .digest('hex')
    .slice(0, 16);
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
