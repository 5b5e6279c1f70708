import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { groupIsAlive, sendSignal } from './process-identity';
import { StackError } from './stack-error';

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stopSignal?: NodeJS.Signals;
  /** How long an orderly end may take before the whole group is killed. */
  readonly graceMs?: number;
  /** Answers null once the process can be used, else what it still waits for. */
  readonly notReady: () => Promise<string | null>;
  readonly readyMaxMs?: number;
}

/** To whom a process belongs: what it may ask, and whom it tells of its life. */
export interface ProcessOwner {
  readonly isClosing: boolean;
  readonly onNews: (line: string) => void;
  /** Throws once nothing may start any more. */
  assertOpen(): void;
  environment(extra?: ProcessSpec['env']): NodeJS.ProcessEnv;
  started(member: ManagedProcess): void;
  ended(member: ManagedProcess, pid: number | null): void;
}

const READY_POLL_MS = 100;
const READY_MAX_MS = 120_000;
const GONE_POLL_MS = 25;
const GRACE_MS = 6_000;
/** The last wait repeats: a process that died is always started again within five seconds. */
const RESTART_DELAYS_MS = [200, 500, 1_000, 2_000, 4_000];
const STEADY_AFTER_MS = 30_000;

/**
 * One process in a group of its own, with its log in a file. Once it was ready it is started again after any death that nobody
 * asked for; ended by SIGTERM it stays down.
 */
export class ManagedProcess {
  private child: ChildProcess | null = null;
  private keepUp = false;
  private wasReady = false;
  private deaths = 0;
  private launchedAt = 0;
  private relaunch: NodeJS.Timeout | null = null;
  private spawnError: Error | null = null;

  constructor(
    private readonly owner: ProcessOwner,
    readonly spec: ProcessSpec,
  ) {}

  get name(): string {
    return this.spec.name;
  }

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  /** Starts the process unless it runs, and returns when it is ready. */
  async start(): Promise<void> {
    this.forgetRelaunch();
    const found = this.child;
    if (found === null) this.launch();
    // One that was ready before is brought up again whatever happens meanwhile; the first start fails at its first death.
    if (found === null) this.keepUp = this.wasReady;
    await this.untilReady(found);
    this.keepUp = true;
    this.wasReady = true;
  }

  /** Returns when the process and everything in its group is gone. */
  async stop(): Promise<void> {
    this.keepUp = false;
    this.forgetRelaunch();
    const groupId = this.pid;
    if (groupId === null) return;
    sendSignal(groupId, this.spec.stopSignal ?? 'SIGTERM');
    const deadline = Date.now() + (this.spec.graceMs ?? GRACE_MS);
    while (groupIsAlive(groupId)) {
      if (Date.now() > deadline) sendSignal(-groupId, 'SIGKILL');
      await sleep(GONE_POLL_MS);
    }
    while (this.pid === groupId) await sleep(GONE_POLL_MS);
  }

  kill(): void {
    this.keepUp = false;
    this.forgetRelaunch();
    if (this.pid !== null) sendSignal(-this.pid, 'SIGKILL');
  }

  private launch(): void {
    this.owner.assertOpen();
    const log = openSync(this.spec.logFile, 'a');
    const { command, args, cwd, env } = this.spec;
    this.spawnError = null;
    const child = spawn(command, args, { cwd, env: this.owner.environment(env), detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    this.child = child;
    this.launchedAt = Date.now();
    child.once('error', (error) => {
      this.spawnError = error;
      this.ended(child, null, null);
    });
    child.once('exit', (code, signal) => this.ended(child, code, signal));
    this.owner.started(this);
  }

  private ended(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): void {
    if (this.child !== child) return;
    this.child = null;
    // What the dead process started must not work on beside its successor.
    if (child.pid !== undefined) sendSignal(-child.pid, 'SIGKILL');
    this.owner.ended(this, child.pid ?? null);
    if (!this.keepUp) return;
    if (wasAskedToEnd(code, signal)) {
      this.keepUp = false;
      this.owner.onNews(`${this.name} (process ${child.pid}) was ended and stays down; ops stack start brings a service back.`);
      return;
    }
    this.owner.onNews(`${this.name} (process ${child.pid}) died (${signal ?? `exit code ${code}`}) and is started again.`);
    if (Date.now() - this.launchedAt > STEADY_AFTER_MS) this.deaths = 0;
    const delay = RESTART_DELAYS_MS[Math.min(this.deaths, RESTART_DELAYS_MS.length - 1)] ?? 0;
    this.deaths += 1;
    this.relaunch = setTimeout(() => this.relaunchNow(), delay);
  }

  private forgetRelaunch(): void {
    if (this.relaunch) clearTimeout(this.relaunch);
    this.relaunch = null;
  }

  private relaunchNow(): void {
    this.relaunch = null;
    if (!this.owner.isClosing) this.launch();
  }

  /** `found` was running already: it may be ending after a SIGTERM, and a new process takes its place then. */
  private async untilReady(found: ChildProcess | null): Promise<void> {
    const deadline = Date.now() + (this.spec.readyMaxMs ?? READY_MAX_MS);
    for (;;) {
      if (found !== null && this.child === null && this.relaunch === null) {
        this.launch();
        return this.untilReady(null);
      }
      const waitsFor = await this.spec.notReady();
      // A busy process may answer before it looks at a SIGTERM that came first, and never after that: so it is asked twice.
      if (waitsFor === null && (found === null || (await this.spec.notReady()) === null)) return;
      this.owner.assertOpen();
      if (this.child === null && this.relaunch === null) throw this.failedToStart('ended before it was ready');
      if (Date.now() > deadline) throw this.failedToStart(`is not ready: ${waitsFor ?? 'it is being stopped'}`);
      await sleep(READY_POLL_MS);
    }
  }

  private failedToStart(what: string): StackError {
    if (this.spawnError) return new StackError(`${this.name} cannot be run (${this.spec.command}): ${this.spawnError.message}`);
    return new StackError(`${this.name} ${what}. The end of ${this.spec.logFile}:\n${lastLines(this.spec.logFile)}`);
  }
}

/** 143 and 0 are how a process ends that handles SIGTERM itself; on SIGINT our services say 130. */
function wasAskedToEnd(code: number | null, signal: NodeJS.Signals | null): boolean {
  return signal === 'SIGTERM' || code === 143 || code === 0;
}

const SHOWN_LINES = 15;

export function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
}
