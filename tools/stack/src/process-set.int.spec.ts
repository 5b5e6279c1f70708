import { until as untilTrue } from '@courier/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ManagedProcess } from './managed-process';
import { groupIsAlive, identify, sendSignal } from './process-identity';
import { endLeftovers } from './process-ledger';
import { ProcessSet } from './process-set';
import { workspaceRoot } from './workspace';

const RESTARTED_MAX_MS = 5_000;
const WAIT_MAX_MS = 60_000;
const until = (holds: () => boolean): Promise<boolean> => untilTrue(holds, WAIT_MAX_MS);

const pidOf = (member: ManagedProcess): number => {
  if (member.pid === null) throw new Error('not running');
  return member.pid;
};

describe('ProcessSet', () => {
  let dir: string;
  let set: ProcessSet;
  // Starts a child of its own in the same group, as a service starts its planner. Ready means that its traps are in place.
  const withChild = 'sleep 600 & echo armed; exec sleep 600';
  const isArmed = (name: string): boolean => readFileSync(join(dir, `logs/${name}.log`), 'utf8').includes('armed');
  const declare = (script = withChild, name = 'worker'): ManagedProcess => {
    const notReady = async (): Promise<string | null> => (isArmed(name) ? null : 'not armed yet');
    return set.declare({ name, command: 'sh', args: ['-c', script], notReady, graceMs: 500 });
  };

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'process-set-'));
    set = await ProcessSet.open(dir);
  });
  afterEach(async () => {
    await set.stopAll();
    set.dismiss();
    rmSync(dir, { recursive: true, force: true });
  });

  it('starts a killed process again within five seconds, says so, and ends what it had started', async () => {
    const news: string[] = [];
    const worker = declare();
    await worker.start();
    const first = pidOf(worker);
    // By the clock that the restart goes by as well: both wait when this machine is busy.
    let bell: NodeJS.Timeout | undefined;
    set.onNews = (line) => {
      news.push(line);
      bell = setTimeout(() => news.push('five seconds are over'), RESTARTED_MAX_MS);
    };
    set.onChange = () => {
      if (worker.pid !== null && worker.pid !== first) clearTimeout(bell);
    };
    sendSignal(first, 'SIGKILL');
    await until(() => worker.pid !== null && worker.pid !== first);
    expect(news).toEqual([`worker (process ${first}) died (SIGKILL) and is started again.`]);
    expect(groupIsAlive(first)).toBe(false);
  });

  it('starts a process again that SIGINT ended', async () => {
    const worker = declare('trap "exit 130" INT; echo armed; sleep 600 & wait');
    await worker.start();
    const first = pidOf(worker);
    sendSignal(first, 'SIGINT');
    await until(() => worker.pid !== null && worker.pid !== first);
  });

  it.each([
    ['by the signal itself', withChild],
    ['in order, with code 0', 'trap "exit 0" TERM; echo armed; sleep 600 & wait'],
  ])('leaves a process down that SIGTERM ended %s, until it is started', async (_how, script) => {
    const [worker, another] = [declare(script), declare(withChild, 'another')];
    await Promise.all([worker.start(), another.start()]);
    sendSignal(pidOf(worker), 'SIGTERM');
    await until(() => worker.pid === null);
    // One that dies later is back already.
    const killed = pidOf(another);
    sendSignal(killed, 'SIGKILL');
    await until(() => another.pid !== null && another.pid !== killed);
    expect(worker.pid).toBeNull();
    await worker.start();
    expect(worker.pid).not.toBeNull();
  });

  it('waits for the successor of a process that says it is ready before it looks at its SIGTERM', async () => {
    let first: number | null = null;
    const answers = ['', 'it is stopping'];
    const worker: ManagedProcess = set.declare({
      name: 'busy',
      command: 'sh',
      args: ['-c', 'trap "sleep 0.3; exit 0" TERM; echo armed; sleep 600 & wait'],
      notReady: () => Promise.resolve((worker.pid === first && (answers.length > 1 ? answers.shift() : answers[0])) || null),
    });
    await worker.start();
    await until(() => isArmed('busy'));
    first = pidOf(worker);
    sendSignal(first, 'SIGTERM');
    await worker.start();
    expect(pidOf(worker)).not.toBe(first);
  });

  it('returns from a stop when the whole group is gone, even when the process ignores the signal', async () => {
    const worker = declare('trap "" TERM; echo armed; sleep 600 & wait; wait');
    await worker.start();
    const group = pidOf(worker);
    await worker.stop();
    expect(groupIsAlive(group)).toBe(false);
  });

  it('says what a process wrote that ended before it was ready', async () => {
    const failing = set.declare({
      name: 'failing',
      command: 'sh',
      args: ['-c', 'echo bad settings >&2; exit 1'],
      notReady: () => Promise.resolve('not yet'),
    });
    await expect(failing.start()).rejects.toThrow('bad settings');
  });

  it('refuses a second set in the same folder while the first one runs', async () => {
    await expect(ProcessSet.open(dir)).rejects.toThrow('already runs');
  });
});

describe('a supervisor that was killed', () => {
  let dir: string;
  let supervisor: ChildProcess;
  const ledger = (): string => join(dir, 'processes.json');
  const children = (): { pid: number; startedAt: string }[] => JSON.parse(readFileSync(ledger(), 'utf8')).children;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'killed-supervisor-'));
    const program = `
      const { ProcessSet } = require(${JSON.stringify(join(workspaceRoot, 'tools/stack/dist/process-set.js'))});
      ProcessSet.open(${JSON.stringify(dir)}).then((set) => {
        if (process.argv[1] === 'unwatched') process.kill(set.watchdog.pid, 'SIGKILL');
        if (process.argv[1] === 'closing') set.watchdog.stdin.end();
        const spec = { name: 'worker', command: 'sh', args: ['-c', 'sleep 600 & exec sleep 600'], notReady: async () => null };
        return set.declare(spec).start();
      });`;
    const test = expect.getState().currentTestName ?? '';
    const how = test.includes('next start') ? ['unwatched'] : test.includes('closes the pipe') ? ['closing'] : [];
    supervisor = spawn(process.execPath, ['-e', program, ...how], { stdio: 'ignore' });
    await until(() => existsSync(ledger()) && children().length === 1);
  });
  afterEach(async () => {
    supervisor.kill('SIGKILL');
    await until(() => identify(supervisor.pid ?? 0) === null);
    await endLeftovers(ledger());
    rmSync(dir, { recursive: true, force: true });
  });

  it('is noticed by the watchdog, which ends every group', async () => {
    const [child] = children();
    supervisor.kill('SIGKILL');
    await until(() => !groupIsAlive(child?.pid ?? 0));
    await until(() => !existsSync(ledger()));
  });

  it('is noticed by the watchdog although the kernel closes the pipe before it is gone', async () => {
    const [child] = children();
    await sleep(500);
    expect(groupIsAlive(child?.pid ?? 0)).toBe(true);
    supervisor.kill('SIGKILL');
    await until(() => !groupIsAlive(child?.pid ?? 0));
  });

  it('is noticed by the next start where the watchdog died too', async () => {
    const [child] = children();
    supervisor.kill('SIGKILL');
    await until(() => identify(supervisor.pid ?? 0) === null);
    expect(groupIsAlive(child?.pid ?? 0)).toBe(true);
    const set = await ProcessSet.open(dir);
    set.dismiss();
    expect(groupIsAlive(child?.pid ?? 0)).toBe(false);
  });

  it('does not cost a stranger his life who has got the number of one of its processes', async () => {
    const [child] = children();
    const stranger = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    try {
      const content = JSON.parse(readFileSync(ledger(), 'utf8'));
      const forged = join(dir, 'forged.json');
      writeFileSync(forged, JSON.stringify({ ...content, children: [{ ...child, pid: stranger.pid }] }));
      expect(await endLeftovers(forged)).toEqual([]);
      expect(groupIsAlive(stranger.pid ?? 0)).toBe(true);
    } finally {
      stranger.kill('SIGKILL');
    }
    supervisor.kill('SIGKILL');
    await until(() => !existsSync(ledger()));
  });
});
