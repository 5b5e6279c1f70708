import { fork, type ChildProcess } from 'node:child_process';
import { AppError } from '@courier/kernel';
import { childCommand } from './child-command';
import { makePrivateFolder, removePrivateFolder } from './private-folder';
import {
  type FromChild,
  HEARTBEAT_MS,
  type MergedLedger,
  type MergeJob,
  type Plan,
  type PlanJob,
  type PlannerJob,
  type PlanOutcome,
  type PlanPhase,
  type StagedBatch,
  type ToChild,
} from './protocol';

export interface PlanListener {
  /** `done` of `total`: bytes while verifying, rows while planning. */
  onProgress(phase: PlanPhase, done: number, total: number): void;
  /** The plan is complete and nothing of it announced; staging begins when this has made it durable. Not called on a resume. */
  onFrozen(plan: Plan): Promise<void>;
  /** In the order of the batches, one call after the other. */
  onStaged(batch: StagedBatch): Promise<void>;
}

/**
 * Runs plans and merges in a child process each, so that DuckDB's memory and a crash of it stay out of the service. Both promises
 * reject with an AppError when the child fails (`planner_*`, `staged_*`, `staging_*`), with what a listener threw, or with
 * `planner_aborted` after the signal. In every case the child is gone and its private folder removed first.
 */
export class PlannerProcess {
  /** Heartbeats that a child may miss before it counts as hung and is killed; the run is tried again then. */
  constructor(private readonly silentBeatsMax = SILENT_BEATS_MAX) {}

  async runPlan(job: PlanJob, listener: PlanListener, signal: AbortSignal): Promise<PlanOutcome> {
    return this.work<PlanOutcome>(
      (folder) => ({ task: 'plan', job, folder }),
      job.privateDir,
      signal,
      async (message, reply) => {
        switch (message.type) {
          case 'progress':
            listener.onProgress(message.phase, message.done, message.total);
            return;
          case 'frozen':
            await listener.onFrozen(message.plan);
            reply({ type: 'continue' });
            return;
          case 'staged':
            await listener.onStaged(message.batch);
            return;
          case 'planned':
            return { result: message.outcome };
          case 'merged':
          case 'ready':
          case 'alive':
          case 'error':
            return;
        }
      },
    );
  }

  async mergeLedger(job: MergeJob, signal: AbortSignal): Promise<MergedLedger> {
    return this.work<MergedLedger>(
      (folder) => ({ task: 'merge', job, folder }),
      job.privateDir,
      signal,
      async (message) => (message.type === 'merged' ? { result: message.merged } : undefined),
    );
  }

  private async work<T>(
    workFor: (folder: string) => PlannerJob,
    base: string,
    signal: AbortSignal,
    handle: Handle<T>,
  ): Promise<T> {
    if (signal.aborted) throw aborted(signal);
    const folder = await makePrivateFolder(base);
    try {
      if (signal.aborted) throw aborted(signal);
      return await converse(workFor(folder), handle, { signal, silentBeatsMax: this.silentBeatsMax });
    } finally {
      await removePrivateFolder(folder);
    }
  }
}

const SILENT_BEATS_MAX = 30;

interface Watch {
  signal: AbortSignal;
  silentBeatsMax: number;
}

type Handle<T> = (message: FromChild, reply: (message: ToChild) => void) => Promise<{ result: T } | undefined | void>;

/** One child, one job. Resolves or rejects only when the child has exited. */
function converse<T>(work: PlannerJob, handle: Handle<T>, { signal, silentBeatsMax }: Watch): Promise<T> {
  const { file, execArgv } = childCommand();
  // Nothing of the service's environment (settings, secrets) and none of its output streams: the child has its job and the channel.
  const child = fork(file, [], { execArgv, env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  return new Promise<T>((resolve, reject) => {
    let ending: { result: T } | { failure: unknown } | null = null;
    let queue = Promise.resolve();
    const end = (outcome: { result: T } | { failure: unknown }): void => {
      ending ??= outcome;
      child.kill('SIGKILL');
    };
    const onAbort = (): void => end({ failure: aborted(signal) });
    signal.addEventListener('abort', onAbort, { once: true });
    // Counted in ticks of our own: a service that was paused itself has missed none when it wakes.
    let silentBeats = 0;
    const watch = setInterval(() => {
      silentBeats += 1;
      if (silentBeats > silentBeatsMax)
        end({ failure: new AppError('planner_hung', 'The planner process hangs', { retryable: true }) });
    }, HEARTBEAT_MS);
    child.on('error', () =>
      end({ failure: new AppError('planner_failed', 'The planner process could not be started', { retryable: true }) }),
    );
    child.on('message', (message: FromChild) => {
      silentBeats = 0;
      // One message after the other: a batch is announced only when the one before it was.
      queue = queue.then(async () => {
        if (ending !== null) return;
        try {
          const handled = await receive(message, child, work, handle);
          if (handled) end(handled);
        } catch (failure) {
          end({ failure });
        }
      });
    });
    child.on('close', () => {
      void queue.then(() => {
        signal.removeEventListener('abort', onAbort);
        clearInterval(watch);
        if (ending === null)
          reject(new AppError('planner_died', 'The planner process ended without an answer', { retryable: true }));
        else if ('failure' in ending) reject(ending.failure);
        else resolve(ending.result);
      });
    });
  });
}

async function receive<T>(
  message: FromChild,
  child: ChildProcess,
  work: PlannerJob,
  handle: Handle<T>,
): Promise<{ result: T } | undefined | void> {
  const reply = (answer: ToChild): void => {
    if (child.connected) child.send(answer);
  };
  if (message.type === 'alive') return;
  if (message.type === 'ready') return reply({ type: 'start', work });
  if (message.type === 'error')
    throw new AppError(message.code, message.message, { retryable: message.retryable, context: message.context });
  return handle(message, reply);
}

function aborted(signal: AbortSignal): AppError {
  return new AppError('planner_aborted', 'The plan was stopped', { cause: signal.reason, retryable: true });
}
