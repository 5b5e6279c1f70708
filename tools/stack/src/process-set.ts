import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, openSync, closeSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, ManagedProcess, type ProcessOwner, type ProcessSpec } from './managed-process';
import { endLeftovers, ledgerFile, livingSupervisor, ProcessLedger, STACK_MARK } from './process-ledger';
import { sendSignal } from './process-identity';
import { StackError } from './stack-error';
import { workspaceRoot } from './workspace';

export interface OneShot {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Thrown out of a start that a stop overtook. */
export class StackStopping extends Error {}

/**
 * All processes of one stack folder. The folder belongs to one set at a time; what an earlier set left behind after a SIGKILL is
 * ended first, and a watchdog does the same at once should this process be killed.
 */
export class ProcessSet implements ProcessOwner {
  readonly logs: string;
  onChange: () => void = () => undefined;
  /** What happens to a process that nobody here asked for, in a line. */
  onNews: (line: string) => void = () => undefined;
  private readonly members: ManagedProcess[] = [];
  private readonly oneShots = new Set<ChildProcess>();
  private readonly mark = randomUUID();
  private readonly ledger: ProcessLedger;
  private watchdog: ChildProcess | null = null;
  private closing = false;

  private constructor(readonly dir: string) {
    this.logs = join(dir, 'logs');
    this.ledger = new ProcessLedger(ledgerFile(dir), this.mark);
  }

  static async open(dir: string): Promise<ProcessSet> {
    mkdirSync(join(dir, 'logs'), { recursive: true });
    const set = new ProcessSet(dir);
    const running = livingSupervisor(set.ledger.file);
    if (running) throw alreadyRunning(dir, running.pid);
    await endLeftovers(set.ledger.file);
    if (!set.ledger.claim()) throw alreadyRunning(dir, livingSupervisor(set.ledger.file)?.pid ?? null);
    set.startWatchdog();
    return set;
  }

  get isClosing(): boolean {
    return this.closing;
  }

  /** Declares a process; nothing runs before its `start`. */
  declare(spec: Omit<ProcessSpec, 'logFile'>): ManagedProcess {
    const member = new ManagedProcess(this, { ...spec, logFile: this.freshLog(spec.name) });
    this.members.push(member);
    return member;
  }

  /** Runs a command to its end; its output is shown only when it fails. */
  async runToEnd({ name, command, args, env }: OneShot): Promise<void> {
    this.assertOpen();
    const logFile = this.freshLog(name);
    const log = openSync(logFile, 'a');
    const child = spawn(command, args, { env: this.environment(env), detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    this.oneShots.add(child);
    if (child.pid !== undefined) this.ledger.add(name, child.pid, 'SIGTERM');
    const failure = await new Promise<string | null>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(code === 0 ? null : `ended with ${signal ?? `code ${code}`}`));
    });
    this.oneShots.delete(child);
    if (child.pid !== undefined) this.ledger.remove(child.pid);
    this.assertOpen();
    if (failure !== null) throw new StackError(`${name} failed (${failure}):\n${lastLines(logFile)}`);
  }

  /** From here on nothing starts any more; starts that wait give up. */
  close(): void {
    this.closing = true;
    for (const child of this.oneShots) if (child.pid !== undefined) sendSignal(-child.pid, 'SIGKILL');
  }

  /** Stops whatever runs, all at the same time. */
  async stopAll(): Promise<void> {
    this.close();
    await Promise.all(this.members.map((member) => member.stop()));
  }

  /** Ends everything at once, without asking. */
  killAll(): void {
    this.close();
    for (const member of this.members) member.kill();
  }

  /** Gives the folder back. Everything must be stopped. */
  dismiss(): void {
    this.ledger.delete();
    if (this.watchdog?.pid !== undefined) sendSignal(this.watchdog.pid, 'SIGKILL');
    this.watchdog = null;
  }

  assertOpen(): void {
    if (this.closing) throw new StackStopping();
  }

  environment(extra: Readonly<Record<string, string | undefined>> = {}): NodeJS.ProcessEnv {
    // npm describes its own run in these; they are noise to a service and would leak the command line into its environment.
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'));
    return { ...Object.fromEntries(own), ...extra, [STACK_MARK]: this.mark };
  }

  started(member: ManagedProcess): void {
    if (member.pid !== null) this.ledger.add(member.name, member.pid, member.spec.stopSignal ?? 'SIGTERM');
    this.onChange();
  }

  ended(_member: ManagedProcess, pid: number | null): void {
    if (pid !== null) this.ledger.remove(pid);
    if (!this.closing) this.onChange();
  }

  private freshLog(name: string): string {
    const file = join(this.logs, `${name}.log`);
    if (existsSync(file)) renameSync(file, join(this.logs, `${name}.previous.log`));
    else rmSync(join(this.logs, `${name}.previous.log`), { force: true });
    closeSync(openSync(file, 'a'));
    return file;
  }

  private startWatchdog(): void {
    const program = join(workspaceRoot, 'tools/stack/dist/watchdog-main.js');
    this.watchdog = spawn(process.execPath, [program, this.ledger.file], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    this.watchdog.unref();
    // The pipe alone must not keep a finished stack's process alive.
    const pipe = this.watchdog.stdin as (NodeJS.WritableStream & { unref?: () => void }) | null;
    pipe?.unref?.();
  }
}

function alreadyRunning(dir: string, pid: number | null): StackError {
  const who = pid === null ? '' : ` (process ${pid})`;
  return new StackError(`A stack already runs in ${dir}${who}. Stop it, or set another STACK_DIR.`);
}
