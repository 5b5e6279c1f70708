import { type Lease, type Leases, WorkLoop } from '@courier/persistence';
import { isAbandoned } from './abandoned';

export interface LeasedTasksOptions {
  name: string;
  leases: Leases;
  leaseTtlMs: number;
  /** A successor waits this much longer than the lease: the longest call that may still be under way. */
  leaseGraceMs: number;
  pollMs: number;
  tasksMax: number;
  /** Which tasks could be worked on now. */
  find: () => Promise<string[]>;
  run: (task: string, lease: Lease, stop: AbortSignal) => Promise<void>;
  onError: (error: unknown, task: string | null) => void;
}

/** Works on every task that it can get the lease of, side by side, each until it is done. */
export class LeasedTasks {
  private readonly running = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();
  private readonly loop: WorkLoop;

  constructor(private readonly options: LeasedTasksOptions) {
    this.loop = new WorkLoop({
      name: options.name,
      pollMs: options.pollMs,
      work: () => this.startFound(),
      onError: (error) => options.onError(error, null),
    });
  }

  start(): void {
    this.loop.start();
  }

  wake(): void {
    this.loop.wake();
  }

  /** Resolves when every task has ended its calls and given its lease back. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop.stop();
    await Promise.allSettled(this.running.values());
  }

  private async startFound(): Promise<'idle'> {
    for (const task of await this.options.find()) {
      if (this.running.size >= this.options.tasksMax || this.stopping.signal.aborted) break;
      if (this.running.has(task)) continue;
      this.running.set(
        task,
        this.hold(task).finally(() => this.running.delete(task)),
      );
    }
    return 'idle';
  }

  private async hold(task: string): Promise<void> {
    const { leases, leaseGraceMs, leaseTtlMs, name, onError, run } = this.options;
    try {
      await leases.hold(`${name}:${task}`, { ttlMs: leaseTtlMs, graceMs: leaseGraceMs }, (lease) =>
        run(task, lease, this.stopping.signal),
      );
    } catch (error) {
      // What was left undone because of the stop is no failure.
      if (!(this.stopping.signal.aborted && isAbandoned(error))) onError(error, task);
    }
  }
}
