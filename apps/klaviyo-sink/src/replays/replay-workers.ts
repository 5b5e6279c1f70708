import { Leases } from '@courier/persistence';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ReplayedRuns } from './replayed-runs';
import { TellReplayedRuns } from './tell-replayed-runs';
import { LeasedTasks } from '../accounts';

const POLL_MS = 1_000;
const LEASE_TTL_MS = 10_000;

const ALL = 'all';

/** Looks whether the ranges of replays were read; one instance at a time. */
@Injectable()
export class ReplayWorkers implements OnApplicationBootstrap, OnModuleDestroy {
  readonly tasks: LeasedTasks;
  private readonly logger = new Logger(ReplayWorkers.name);

  constructor(leases: Leases, replayedRuns: ReplayedRuns, tellReplayedRuns: TellReplayedRuns) {
    this.tasks = new LeasedTasks({
      name: 'replayed-runs',
      leases,
      leaseTtlMs: LEASE_TTL_MS,
      leaseGraceMs: 0,
      pollMs: POLL_MS,
      tasksMax: 1,
      find: async () => ((await replayedRuns.findUntoldEpochs()).length > 0 ? [ALL] : []),
      run: (_all, lease) => tellReplayedRuns.execute(lease),
      onError: (error) => this.logger.error('Telling of a replay failed and is tried again', { err: error }),
    });
  }

  onApplicationBootstrap(): void {
    this.tasks.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.tasks.stop();
  }
}
