import { WorkLoop } from '@courier/persistence';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SweepHistory } from './sweep-history';

const SWEEP_MS = 3_600_000;

/** What nobody waits for: looked at from time to time. */
@Injectable()
export class MaintenanceWorkers implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(MaintenanceWorkers.name);
  private readonly loop: WorkLoop;

  constructor(sweepHistory: SweepHistory) {
    const onError = (error: unknown) => this.logger.error('History could not be swept and will be later', { err: error });
    const work = () => sweepHistory.execute().then(() => 'idle' as const);
    this.loop = new WorkLoop({ name: 'sweep history', pollMs: SWEEP_MS, work, onError });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }
}
