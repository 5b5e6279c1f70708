import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Snapshot } from '@courier/contracts';
import { ledgerPath } from '@courier/staging';
import { until } from '@courier/testing';
import { childCommand } from './child-command';
import { LockedDuckDb } from './locked-duckdb';
import { PlannerProcess, type PlanListener } from './planner-process';
import type { Plan, PlanJob, StagedBatch } from './protocol';
import { plan, planned, privateFolders, Staged, type Ran } from './testing/planner-harness';
import { csvLine, SnapshotFolder } from './testing/snapshot-folder';

const mountSmallDisk = (folder: string): Buffer =>
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', folder], { stdio: 'pipe' });
function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'courier-disk-'));
  try {
    mountSmallDisk(folder);
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const code = (value: string): object => expect.objectContaining({ code: value }) as object;

function childrenOf(parent: number): number[] {
  const parentOf = (pid: string): string | undefined => {
    try {
      return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1];
    } catch {
      // It has ended meanwhile.
      return undefined;
    }
  };
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => parentOf(pid) === String(parent)).map(Number);
}

describe('the planner child', () => {
  let folder: SnapshotFolder;
  let staged: Staged;
  let snapshot: Snapshot;
  beforeEach(() => {
    folder = new SnapshotFolder();
    staged = new Staged(folder);
    const lines = Array.from({ length: 21_000 }, (_, row) => csvLine([`${row}`, `p${row}@x.de`, `Zoë ${row}`]));
    snapshot = folder.people('S', lines.slice(0, 9_000), lines.slice(9_000));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    folder.remove();
  });

  const children: ChildProcess[] = [];
  /** What the run of the job has staged so far. */
  const objects = (): string[] => readdirSync(join(folder.base, 'staging/runs/run-1/1')).sort();

  /** A child without its parent's half: a plan that begins, and the types of what the child says of it. */
  function startChild(): { child: ChildProcess; heard: string[]; privateFolder: string } {
    const privateFolder = join(folder.privateDir, 'plan-1-x');
    mkdirSync(privateFolder, { recursive: true });
    const { file, execArgv } = childCommand();
    const child = fork(file, [], { execArgv, env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    children.push(child);
    const heard: string[] = [];
    child.on('message', ({ type }: { type: string }) => {
      heard.push(type);
      const work = { task: 'plan', job: folder.job([snapshot]), folder: privateFolder };
      if (type === 'ready') child.send({ type: 'start', work });
    });
    return { child, heard, privateFolder };
  }

  const listener = (changes: Partial<PlanListener>): PlanListener => ({
    onProgress: () => undefined,
    onFrozen: async () => undefined,
    onStaged: async () => undefined,
    ...changes,
  });

  /** Runs until `staged` batches are out, then kills the child, as a crash of the machine would. */
  async function killAfter(job: PlanJob, batches: number): Promise<{ frozen: Plan; staged: StagedBatch[] }> {
    const stop = new AbortController();
    const seen: { frozen?: Plan; staged: StagedBatch[] } = { staged: [] };
    const stopAt = (): void => {
      if (seen.staged.length === batches) stop.abort();
    };
    const run = new PlannerProcess().runPlan(
      job,
      listener({
        onFrozen: async (frozen) => {
          seen.frozen = frozen;
          stopAt();
        },
        onStaged: async (batch) => {
          seen.staged.push(batch);
          stopAt();
        },
      }),
      stop.signal,
    );
    await expect(run).rejects.toEqual(code('planner_aborted'));
    if (!seen.frozen) throw new Error('not frozen');
    return { frozen: seen.frozen, staged: seen.staged };
  }

  const resumed = (frozen: Plan, numbers: number[]): PlanJob =>
    folder.job([snapshot], { resume: { plan: frozen.object, stagedNumbers: numbers } });

  it.each([0, 1])('goes on after a kill with %i staged batches and stages exactly what a whole run stages', async (batches) => {
    const whole = await plan(folder.job([snapshot], { runId: 'whole' }));
    const before = await killAfter(folder.job([snapshot]), batches);
    const after: Ran = await plan(
      resumed(
        before.frozen,
        before.staged.map(({ number }) => number),
      ),
    );
    expect(after.frozen).toEqual([]);
    expect(after.staged.map(({ number }) => number)).toEqual([1, 2, 3].slice(batches));
    expect(planned(after)).toEqual(before.frozen);
    expect(await staged.texts([...before.staged, ...after.staged])).toEqual(await staged.texts(whole.staged));
  });

  it('takes over a batch that was stored but not told', async () => {
    const whole = await plan(folder.job([snapshot]));
    const again = await plan(resumed(planned(whole), [1]));
    expect(again.staged).toEqual(whole.staged.slice(1));
  });

  it('stages nothing more of a plan whose content has changed', async () => {
    const before = await killAfter(folder.job([snapshot]), 1);
    const job = resumed(before.frozen, [1]);
    const other = await plan({ ...job, mapping: { email: 'Email' } });
    expect(other.outcome).toMatchObject({ kind: 'failed', code: 'snapshot_digest_mismatch' });
    expect(other.staged).toEqual([]);
  });

  it('finishes a frozen run although its snapshot has expired since, and although the limit was lowered', async () => {
    const before = await killAfter(folder.job([snapshot]), 1);
    const late = { ...snapshot, expiresAt: '2020-01-01T00:00:00Z' };
    const job = { ...resumed(before.frozen, [1]), profileLimit: 1, snapshots: [{ segmentId: 'S', snapshot: late }] };
    expect((await plan(job)).staged.map(({ number }) => number)).toEqual([2, 3]);
  });

  it('stages no batch before the parent has made the plan durable', async () => {
    const { child, heard, privateFolder } = startChild();
    await until(() => heard.includes('frozen'));
    const frozenAt = heard.indexOf('frozen');
    // A child that did not wait would have staged all three batches within these heartbeats, which it sends whatever it does.
    await until(() => heard.slice(frozenAt + 1).length >= 3);
    expect(new Set(heard.slice(frozenAt + 1))).toEqual(new Set(['alive']));
    expect(objects()).toEqual(['plan.parquet']);
    child.send({ type: 'continue' });
    await until(() => heard.includes('planned'));
    expect(objects()).toEqual(['batch-000001', 'batch-000002', 'batch-000003', 'plan.parquet']);
    child.disconnect();
    await until(() => !existsSync(privateFolder));
  });

  it('stages nothing of a plan that the parent could not make durable', async () => {
    const onFrozen = async (): Promise<void> => Promise.reject(new Error('lease lost'));
    const run = new PlannerProcess().runPlan(folder.job([snapshot]), listener({ onFrozen }), new AbortController().signal);
    await expect(run).rejects.toThrow('lease lost');
    expect(objects()).toEqual(['plan.parquet']);
    expect(privateFolders(folder)).toEqual([]);
  });

  it('announces one batch after the other and stops where the parent fails', async () => {
    let under = 0;
    const numbers: number[] = [];
    const onStaged = async ({ number }: StagedBatch): Promise<void> => {
      under += 1;
      // The child runs ahead meanwhile: all its batches are told before the first is done with.
      await until(() => existsSync(join(folder.base, 'staging/runs/run-1/1/batch-000003')));
      await setTimeout(100);
      expect(under).toBe(1);
      under -= 1;
      numbers.push(number);
      if (number === 2) throw new Error('database gone');
    };
    const run = new PlannerProcess().runPlan(folder.job([snapshot]), listener({ onStaged }), new AbortController().signal);
    await expect(run).rejects.toThrow('database gone');
    expect(numbers).toEqual([1, 2]);
  });

  it('is killed when it hangs, and its private folder removed', async () => {
    const others = new Set(childrenOf(process.pid));
    const onFrozen = async (): Promise<void> => {
      for (const pid of childrenOf(process.pid)) if (!others.has(pid)) process.kill(pid, 'SIGSTOP');
    };
    const run = new PlannerProcess(5).runPlan(folder.job([snapshot]), listener({ onFrozen }), new AbortController().signal);
    await expect(run).rejects.toMatchObject({ code: 'planner_hung', retryable: true });
    expect(childrenOf(process.pid).filter((pid) => !others.has(pid))).toEqual([]);
    expect(privateFolders(folder)).toEqual([]);
  });

  it('looks for room before it copies anything, and plans when there is some', async () => {
    const part = fileURLToPath(snapshot.partitions[0]?.uri ?? '');
    const { size } = statSync(part);
    const { bavail, bsize } = statfsSync(folder.base);
    // A file with a hole takes no room itself.
    truncateSync(part, bavail * bsize);
    await expect(plan(folder.job([snapshot]))).rejects.toMatchObject({ code: 'staging_full', retryable: true });
    truncateSync(part, size);
    expect(planned(await plan(folder.job([snapshot]))).counts.toAdd).toBe(21_000);
  });

  it('names a full disk, leaves nothing half there, and goes on when there is room', async () => {
    // Where no small disk may be mounted, staging-area.spec.ts and plan-run.int.spec.ts show the two sides of it all the same.
    if (!mayMount()) return;
    const disk = join(folder.base, 'staging');
    mkdirSync(disk);
    mountSmallDisk(disk);
    try {
      const seen: { frozen?: Plan; staged: number[] } = { staged: [] };
      const record = listener({
        onFrozen: async (frozen) => void (seen.frozen = frozen),
        onStaged: async ({ number }) => void seen.staged.push(number),
      });
      const job = folder.job([snapshot]);
      const run = new PlannerProcess().runPlan(job, record, new AbortController().signal);
      await expect(run).rejects.toMatchObject({ code: 'staging_full', retryable: true });
      const half = readdirSync(disk, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.tmp'));
      expect(half).toEqual([]);
      execFileSync('mount', ['-o', 'remount,size=64m', disk]);
      const rest = seen.frozen === undefined ? job : resumed(seen.frozen, seen.staged);
      const after = await plan(rest);
      expect([...seen.staged, ...after.staged.map(({ number }) => number)]).toEqual([1, 2, 3]);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it('starts nothing after the signal', async () => {
    const run = new PlannerProcess().runPlan(folder.job([snapshot]), listener({}), AbortSignal.abort());
    await expect(run).rejects.toEqual(code('planner_aborted'));
    expect(existsSync(folder.privateDir)).toBe(false);
  });

  it('tells by code what is wrong with its surroundings', async () => {
    await expect(plan(folder.job([snapshot], { stagingKeyFile: join(folder.base, 'none') }))).rejects.toEqual(
      code('staging_key_missing'),
    );
    const lost = { path: 'ledgers/l/1/ledger.parquet', sha256: '0'.repeat(64), bytes: 1 };
    const { outcome } = await plan(folder.job([snapshot], { ledger: lost }));
    expect(outcome).toMatchObject({ kind: 'failed', code: 'ledger_unreadable' });
    expect(privateFolders(folder)).toEqual([]);
  });

  it('ends with its parent and takes its private folder along', async () => {
    const { child, heard, privateFolder } = startChild();
    await until(() => heard.includes('frozen'));
    expect(readdirSync(privateFolder)).not.toEqual([]);
    child.disconnect();
    await until(() => child.exitCode !== null);
    expect(existsSync(privateFolder)).toBe(false);
  });

  it('merges a ledger too', async () => {
    const frozen = planned(await plan(folder.job([snapshot])));
    const { stagingUri, stagingKeyFile, privateDir, memoryMb } = folder.job([]);
    const job = {
      ...{ runId: 'run-1', attempt: 1, ledger: null, plan: frozen.object, batches: [{ number: 2, results: null }], runSeq: 1 },
      ...{ sentAt: '2026-11-01T00:00:00.000Z', target: ledgerPath('l', 'v1'), stagingUri, stagingKeyFile, privateDir, memoryMb },
    };
    const merged = await new PlannerProcess().mergeLedger(job, new AbortController().signal);
    expect(merged.people).toBe(10_000);
    expect(await staged.table(merged.ledger, 'SELECT count(*)::INTEGER FROM $table')).toEqual([[10_000]]);
    expect(privateFolders(folder)).toEqual([]);
  });

  it('opens no file outside its folder and nothing lifts that', async () => {
    mkdirSync(folder.privateDir);
    writeFileSync(join(folder.base, 'other.csv'), 'secret-row\n');
    const database = await LockedDuckDb.open(folder.privateDir, 128);
    try {
      for (const statement of [
        `SELECT * FROM read_csv('${join(folder.base, 'other.csv')}')`,
        `SELECT * FROM read_text('${join(folder.privateDir, '../other.csv')}')`,
        `COPY (SELECT 1) TO '${join(folder.base, 'written.csv')}'`,
        'SET enable_external_access = true',
        'INSTALL httpfs',
      ]) {
        await expect(database.run('try', [statement])).rejects.toEqual(code('planner_query_failed'));
      }
      const quoting = database.run('try', ["SELECT CAST('secret-row' AS INTEGER)"]);
      await expect(quoting).rejects.not.toThrow(/secret-row/);
    } finally {
      database.close();
    }
    expect(existsSync(join(folder.base, 'written.csv'))).toBe(false);
  });
});
