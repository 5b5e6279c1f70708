import { rmSync } from 'node:fs';
import { AppError } from '@courier/kernel';
import { noRoom } from './disk-room';
import { mergeLedger } from './merge-ledger';
import { type FromChild, HEARTBEAT_MS, type PlannerJob, type ToChild } from './protocol';
import { runPlan } from './run-plan';

// The entry of the planner child. It lives for one job and never longer than its parent: when the channel closes, it removes the
// private folder and exits at once. Errors travel as codes; a text of DuckDB or of a stack never leaves the process.

const EXIT_ORPHANED = 3;
const EXIT_CRASHED = 4;

let folder: string | null = null;
let resume: () => void = () => undefined;

function tell(message: FromChild): void {
  if (process.connected) process.send?.(message);
}

function leave(code: number): never {
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

process.on('disconnect', () => leave(EXIT_ORPHANED));
process.on('uncaughtException', () => leave(EXIT_CRASHED));
process.on('unhandledRejection', () => leave(EXIT_CRASHED));
// The parent decides when a plan ends: a Ctrl-C in a terminal reaches the whole group.
process.on('SIGINT', () => undefined);

process.on('message', (message: ToChild) => {
  if (message.type === 'continue') resume();
  else void start(message.work);
});

async function start(work: PlannerJob): Promise<void> {
  folder = work.folder;
  try {
    if (work.task === 'merge') tell({ type: 'merged', merged: await mergeLedger(work.job, work.folder) });
    else tell({ type: 'planned', outcome: await runPlan(work.job, work.folder, events) });
  } catch (error) {
    const known = error instanceof AppError ? error : failureOf(error);
    tell({ type: 'error', code: known.code, message: known.message, retryable: known.retryable, context: known.context });
  }
}

/** Node's own error codes (ENOSPC, EACCES, …) say enough and quote nothing. */
function failureOf(error: unknown): AppError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'no code';
  if (code === 'ENOSPC' || code === 'EDQUOT') return noRoom("The planner's disk is full");
  return new AppError('planner_failed', `The planner failed (${code})`, { retryable: true });
}

const events = {
  onProgress: (phase: 'verifying' | 'planning', done: number, total: number): void =>
    tell({ type: 'progress', phase, done, total }),
  onFrozen: (plan: Extract<FromChild, { type: 'frozen' }>['plan']): Promise<void> => {
    const continued = new Promise<void>((resolve) => {
      resume = resolve;
    });
    tell({ type: 'frozen', plan });
    return continued;
  },
  onStaged: (batch: Extract<FromChild, { type: 'staged' }>['batch']): void => tell({ type: 'staged', batch }),
};

tell({ type: 'ready' });
setInterval(() => tell({ type: 'alive' }), HEARTBEAT_MS);
