import { WorkLoop } from '@courier/persistence';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Planner } from '../../ports/planner';
import { AnnounceAgain } from '../../use-cases/announce-again';
import { SweepHistory } from '../../use-cases/sweep-history';
import { SweepLeftovers } from '../../use-cases/sweep-leftovers';

const SILENCE_LOOK_MS = 30_000;
const SWEEP_MS = 3_600_000;
/** What lies there is in the clear. */
const PLANS_SWEEP_MS = 60_000;

/** What nobody waits for: looked at from time to time. */
@Injectable()
export class MaintenanceWorkers implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(MaintenanceWorkers.name);
  private readonly loops: WorkLoop[];

  constructor(announceAgain: AnnounceAgain, sweepLeftovers: SweepLeftovers, sweepHistory: SweepHistory, planner: Planner) {
    this.loops = [
      this.loop('announce silent batches again', SILENCE_LOOK_MS, () => announceAgain.execute()),
      this.loop('sweep leftovers', SWEEP_MS, () => sweepLeftovers.execute()),
      this.loop('sweep history', SWEEP_MS, () => sweepHistory.execute()),
      // By each instance: it may be alone with its folder.
      this.loop('sweep plans', PLANS_SWEEP_MS, () => planner.sweep()),
    ];
  }

  onApplicationBootstrap(): void {
    this.loops.forEach((loop) => loop.start());
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  private loop(name: string, pollMs: number, work: () => Promise<void>): WorkLoop {
    const onError = (error: unknown) => this.logger.error('A look for work failed', { err: error, name });
    return new WorkLoop({ name, pollMs, work: () => work().then(() => 'idle'), onError });
  }
}
