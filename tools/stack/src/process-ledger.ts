import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  groupIsAlive,
  groupMembers,
  hasEnvironment,
  identify,
  isAlive,
  sendSignal,
  type ProcessIdentity,
} from './process-identity';

/** Marks every process of a stack, so that an orphan whose group leader is gone can still be proved to be ours. */
export const STACK_MARK = 'COURIER_STACK';

export interface LedgerEntry extends ProcessIdentity {
  readonly name: string;
  readonly stopSignal: NodeJS.Signals;
}

interface LedgerContent {
  mark: string;
  supervisor: ProcessIdentity;
  children: LedgerEntry[];
}

const LEFTOVER_GRACE_MS = 6_000;
const POLL_MS = 50;

/**
 * The file that says which process groups belong to a stack. It is written before anything relies on a new process, so the
 * watchdog and the next start can end what a killed supervisor left behind, and nothing else.
 */
export class ProcessLedger {
  private readonly children = new Map<number, LedgerEntry>();
  private readonly supervisor = identify(process.pid);

  constructor(
    readonly file: string,
    readonly mark: string,
  ) {}

  add(name: string, pid: number, stopSignal: NodeJS.Signals): void {
    const identity = identify(pid);
    if (identity === null) return;
    this.children.set(pid, { ...identity, name, stopSignal });
    this.write();
  }

  remove(pid: number): void {
    if (this.children.delete(pid)) this.write();
  }

  /** Takes the file for this process; false when another one took it first. */
  claim(): boolean {
    const partial = this.writePartial();
    try {
      linkSync(partial, this.file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      rmSync(partial, { force: true });
    }
  }

  private write(): void {
    renameSync(this.writePartial(), this.file);
  }

  private writePartial(): string {
    if (this.supervisor === null) throw new Error('the supervisor cannot find its own process');
    const content: LedgerContent = { mark: this.mark, supervisor: this.supervisor, children: [...this.children.values()] };
    const partial = `${this.file}.${process.pid}`;
    writeFileSync(partial, JSON.stringify(content), { mode: 0o600 });
    return partial;
  }

  delete(): void {
    rmSync(this.file, { force: true });
  }
}

export function ledgerFile(dir: string): string {
  return join(dir, 'processes.json');
}

function readLedger(file: string): LedgerContent | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LedgerContent;
  } catch {
    return null;
  }
}

/** The supervisor that the ledger names, if that very process still runs. */
export function livingSupervisor(file: string): ProcessIdentity | null {
  const ledger = readLedger(file);
  return ledger && isAlive(ledger.supervisor) ? ledger.supervisor : null;
}

/** Ends every process group of a ledger whose supervisor is gone; returns the names of those that were still there. */
export async function endLeftovers(file: string): Promise<string[]> {
  const ledger = readLedger(file);
  if (ledger === null) return [];
  const ours = ledger.children.filter((child) => isOurGroup(child, ledger.mark));
  for (const child of ours) signalGroup(child, child.stopSignal);
  const deadline = Date.now() + LEFTOVER_GRACE_MS;
  while (ours.some((child) => groupIsAlive(child.pid)) && Date.now() < deadline) await sleep(POLL_MS);
  for (const child of ours) if (isOurGroup(child, ledger.mark)) sendSignal(-child.pid, 'SIGKILL');
  // A new supervisor may have claimed the folder meanwhile; its ledger is not ours to remove.
  if (readLedger(file)?.mark === ledger.mark) rmSync(file, { force: true });
  return ours.map((child) => child.name);
}

function isOurGroup(child: LedgerEntry, mark: string): boolean {
  if (isAlive(child)) return true;
  // The leader is gone. Its number may name a stranger's group by now: only the mark proves that the members are ours.
  if (identify(child.pid) !== null) return false;
  const members = groupMembers(child.pid);
  return members.length > 0 && members.every((pid) => hasEnvironment(pid, STACK_MARK, mark));
}

/** The gentle signal goes to the leader, which ends its own children in order; without a leader the whole group gets it. */
function signalGroup(child: LedgerEntry, signal: NodeJS.Signals): void {
  if (!isAlive(child) || !sendSignal(child.pid, signal)) sendSignal(-child.pid, 'SIGKILL');
}
