import { closeSync, linkSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_MAX_MS = 15 * 60_000;
const POLL_MS = 200;

/**
 * Runs `work` while this process alone holds the lock file. A lock whose owner is gone is taken over.
 * Plain JavaScript without dependencies, because it runs before anything is installed.
 */
export async function withLock(file, onWait, work) {
  mkdirSync(dirname(file), { recursive: true });
  const deadline = Date.now() + WAIT_MAX_MS;
  let told = false;
  while (!take(file)) {
    if (Date.now() > deadline) throw new Error(`${file} is held by another process. Remove it if that process is not ours.`);
    if (!told) onWait();
    told = true;
    await sleep(POLL_MS);
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

function take(file) {
  try {
    const descriptor = openSync(file, 'wx');
    writeSync(descriptor, String(process.pid));
    closeSync(descriptor);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const owner = abandonedBy(file);
    if (owner !== null) setAside(file, owner);
    return false;
  }
}

/** Removes a dead owner's lock; one that somebody else took in the same moment is put back. */
function setAside(file, owner) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (readFileSync(aside, 'utf8') !== owner) linkSync(aside, file);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function abandonedBy(file) {
  let owner = '';
  try {
    owner = readFileSync(file, 'utf8');
    // An empty file belongs to somebody who is just writing its number.
    if (owner !== '') process.kill(Number(owner), 0);
    return null;
  } catch (error) {
    return error.code === 'ESRCH' ? owner : null;
  }
}
