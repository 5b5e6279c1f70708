import { type Lease, Leases, Notifications, WorkLoop } from '@courier/persistence';
import { inTrace } from '@courier/telemetry';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type FoundRun, RunStore } from '../../ports/run-store';
import { RUNS_CHANNEL } from '../../use-cases/change-run';
import { FinishRun } from '../../use-cases/finish-run';
import { PlanRun } from '../../use-cases/plan-run';
import { StopOverdueRuns } from '../../use-cases/stop-overdue-runs';

const POLL_MS = 2_000;
/** A dead instance's run goes on elsewhere after this time. */
const LEASE = { ttlMs: 10_000 };
/** A run that must wait is not looked at with every change of another. */
const WAITING_LOOK_MS = 1_000;
const RETRY_MS = { first: 1_000, longest: 60_000 };

/** Looks for runs to plan, to finish and to stop, whenever a run changed and every two seconds. */
@Injectable()
export class RunWorkers implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(RunWorkers.name);
  private readonly loops: WorkLoop[];
  private readonly held = new Set<Lease>();
  private readonly postponed = new Map<string, { tries: number; notBeforeMs: number }>();
  private stopping = false;
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly leases: Leases,
    private readonly notifications: Notifications,
    private readonly runs: RunStore,
    private readonly planRun: PlanRun,
    private readonly finishRun: FinishRun,
    private readonly stopOverdueRuns: StopOverdueRuns,
  ) {
    this.loops = [
      this.loop('plan runs', () => this.planNext()),
      this.loop('finish runs', () => this.finishNext()),
      this.loop('stop overdue runs', () => this.stopOverdueRuns.execute().then(() => 'idle')),
    ];
  }

  async onApplicationBootstrap(): Promise<void> {
    this.stopListening = await this.notifications.listen(RUNS_CHANNEL, () => this.loops.forEach((loop) => loop.wake()));
    this.loops.forEach((loop) => loop.start());
  }

  /** Gives the runs under way back: a plan can take a minute, and another instance takes it over at once. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    this.stopListening();
    const stopped = Promise.all(this.loops.map((loop) => loop.stop()));
    await Promise.all([...this.held].map((lease) => lease.release()));
    await stopped;
  }

  private loop(name: string, work: () => Promise<'again' | 'idle'>): WorkLoop {
    const onError = (error: unknown) => this.logger.error('A look for work failed', { err: error, name });
    return new WorkLoop({ name, pollMs: POLL_MS, work, onError });
  }

  private async planNext(): Promise<'again' | 'idle'> {
    let after = '0';
    for (;;) {
      const page = await this.runs.findUnplanned(this.dataSource.manager, after);
      for (const run of page) {
        const planned = await this.underLease(run, (lease) => this.planRun.execute(lease, run.id));
        if (planned === true) return 'again';
        if (planned === false) this.postpone(run.id, { tries: 0, pauseMs: WAITING_LOOK_MS });
      }
      const last = page.at(-1);
      if (last === undefined) return 'idle';
      after = last.sequence;
    }
  }

  private async finishNext(): Promise<'again' | 'idle'> {
    const finishing = await this.runs.findFinishing(this.dataSource.manager);
    for (const run of finishing) await this.underLease(run, (lease) => this.finishRun.execute(lease, run.id));
    return 'idle';
  }

  /** One broken run must not keep the others from their turn: it comes again, after a longer pause each time. */
  private async underLease<T>({ id, exportId, traceparent }: FoundRun, work: (lease: Lease) => Promise<T>): Promise<T | null> {
    const postponed = this.postponed.get(id);
    if (this.stopping || (postponed !== undefined && performance.now() < postponed.notBeforeMs)) return null;
    try {
      const result = await this.leases.hold(`run:${id}`, LEASE, async (lease) => {
        this.held.add(lease);
        if (this.stopping) await lease.release();
        return work(lease).finally(() => this.held.delete(lease));
      });
      this.postponed.delete(id);
      return result;
    } catch (error) {
      const tries = (postponed?.tries ?? 0) + 1;
      this.postpone(id, { tries, pauseMs: Math.min(RETRY_MS.first * 2 ** (tries - 1), RETRY_MS.longest) });
      inTrace(traceparent, () =>
        this.logger.error('A run could not be brought on and is tried again', {
          err: error,
          runId: id,
          exportId,
          attempt: tries,
        }),
      );
      return null;
    }
  }

  private postpone(id: string, { tries, pauseMs }: { tries: number; pauseMs: number }): void {
    const nowMs = performance.now();
    for (const [other, { notBeforeMs }] of this.postponed) {
      if (notBeforeMs < nowMs - RETRY_MS.longest) this.postponed.delete(other);
    }
    this.postponed.set(id, { tries, notBeforeMs: nowMs + pauseMs });
  }
}
