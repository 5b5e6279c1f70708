import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@courier/testing';
import { makePrivateFolder, removePrivateFolder, sweepPrivateFolders } from './private-folder';

const LONG_AGO = new Date(Date.now() - 3_600_000);
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('the folder of plans', () => {
  let parent: string;
  let base: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'courier-private-'));
    base = join(parent, 'in', 'planner');
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  /** The folder of a plan as another process would have named it, last touched when its files say. */
  const planOf = (owner: string, touchedAt = new Date()): string => {
    const folder = join(base, `plan-${owner}-${crypto.randomUUID()}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    utimesSync(folder, touchedAt, touchedAt);
    return folder;
  };
  /** Where this process is, as its own folders name it. */
  const here = async (): Promise<string> => {
    const own = await makePrivateFolder(base);
    await removePrivateFolder(own);
    return basename(own).split('-')[1] ?? '';
  };
  const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

  it.each([0o000, 0o022])('is made for this user alone, whatever the mask %o lets', async (mask) => {
    const before = process.umask(mask);
    try {
      const folder = await makePrivateFolder(base);
      expect([base, folder].map(modeOf)).toEqual(['700', '700']);
      await removePrivateFolder(folder);
    } finally {
      process.umask(before);
    }
  });

  it.each([0o770, 0o720, 0o707, 0o702, 0o777, 0o1777])('is refused when others may write into it: %o', async (mode) => {
    mkdirSync(base, { recursive: true });
    chmodSync(base, mode);
    const unsafe = expect.objectContaining({ code: 'planner_dir_unsafe' });
    await expect(makePrivateFolder(base)).rejects.toEqual(unsafe);
    await expect(sweepPrivateFolders(base)).rejects.toEqual(unsafe);
    expect(readdirSync(base)).toEqual([]);
  });

  it('is refused when it belongs to another user', async () => {
    mkdirSync(base, { recursive: true, mode: 0o700 });
    // Only root may give a folder away; to anybody else root's own folder is foreign.
    const foreign = process.getuid?.() === 0 ? base : '/usr';
    if (foreign === base) chownSync(base, 65_534, 65_534);
    await expect(sweepPrivateFolders(foreign)).rejects.toEqual(expect.objectContaining({ code: 'planner_dir_unsafe' }));
    await expect(makePrivateFolder(foreign)).rejects.toEqual(expect.objectContaining({ code: 'planner_dir_unsafe' }));
  });

  it.each([0o700, 0o750, 0o755])('is taken as it is when only others’ reading is allowed: %o', async (mode) => {
    mkdirSync(base, { recursive: true });
    chmodSync(base, mode);
    const folder = await makePrivateFolder(base);
    expect(modeOf(folder)).toBe('700');
    await removePrivateFolder(folder);
  });

  it('keeps the plans of another container, whose processes have the same ids as ours', async () => {
    const plans = [process.pid, 1, deadPid()].map((pid) => planOf(`anothercontainer-${pid}`));
    expect(await sweepPrivateFolders(base)).toBe(0);
    expect(plans.every((folder) => existsSync(folder))).toBe(true);
  });

  it('keeps the plans of other processes here that live, and removes at once those of dead ones and of a predecessor with our id', async () => {
    const place = await here();
    const alive = planOf(`${place}-${process.ppid}`);
    const dead = [planOf(`${place}-${deadPid()}`), planOf(`${place}-${process.pid}`)];
    expect(await sweepPrivateFolders(base)).toBe(2);
    expect([alive, ...dead].map((folder) => existsSync(folder))).toEqual([true, false, false]);
  });

  it('removes a plan that nobody has touched for longer than a run’s lease lives, wherever it is from', async () => {
    const plans = ['elsewhere-1', `${await here()}-${process.ppid}`, `${process.ppid}`].map((owner) => planOf(owner, LONG_AGO));
    expect(await sweepPrivateFolders(base)).toBe(3);
    expect(plans.some((folder) => existsSync(folder))).toBe(false);
  });

  it('goes on touching a plan that is in use, and never removes it', async () => {
    const folder = await makePrivateFolder(base, 20);
    utimesSync(folder, LONG_AGO, LONG_AGO);
    await until(() => statSync(folder).mtimeMs > Date.now() - 60_000);
    utimesSync(folder, LONG_AGO, LONG_AGO);
    expect(await sweepPrivateFolders(base)).toBe(0);
    expect(existsSync(folder)).toBe(true);
    await removePrivateFolder(folder);
    expect(readdirSync(base)).toEqual([]);
  });

  it('leaves alone what is no plan', async () => {
    mkdirSync(join(base, 'other'), { recursive: true });
    mkdirSync(join(base, 'planned-by-hand'));
    expect(await sweepPrivateFolders(base)).toBe(0);
    expect(readdirSync(base).sort()).toEqual(['other', 'planned-by-hand']);
  });
});
