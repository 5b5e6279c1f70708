import { type Clock } from '@courier/kernel';
import { Leases, removeInPieces } from '@courier/persistence';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CLOCK } from '../clock';
import { History } from './history';
import { Settings } from '../settings';

const LEASE = { ttlMs: 60_000 };

/** Forgets deliveries and runs past `HISTORY_DAYS`, piece by piece, so that no transaction is long. */
@Injectable()
export class SweepHistory {
  private readonly logger = new Logger(SweepHistory.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly leases: Leases,
    private readonly history: History,
    private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    const { dataSource, history } = this;
    const before = new Date(this.clock.now().getTime() - this.settings.historyMs);
    await this.leases.hold('sweep-history', LEASE, async ({ signal }) => {
      const deliveries = await removeInPieces(dataSource, (manager) => history.removeDeliveries(manager, before), signal);
      const runs = await removeInPieces(dataSource, (manager) => history.removeRuns(manager, before), signal);
      if (deliveries > 0) this.logger.log('Deliveries past their days are forgotten', { count: deliveries });
      if (runs > 0) this.logger.log('Runs past their days are forgotten', { count: runs });
    });
  }
}
