import { type Clock } from '@courier/kernel';
import { Leases, removeInPieces } from '@courier/persistence';
import { historyMs } from '@courier/staging';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CLOCK } from '../ports/clock';
import { History } from '../ports/history';
import { Settings } from '../ports/settings';

const LEASE = { ttlMs: 60_000 };

/** Forgets runs, batches and refreshes past `HISTORY_DAYS`, piece by piece, so that no transaction is long. */
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
    const before = new Date(this.clock.now().getTime() - historyMs(this.settings));
    await this.leases.hold('sweep-history', LEASE, async ({ signal }) => {
      const runs = await removeInPieces(dataSource, (manager) => history.removeRuns(manager, before), signal);
      const refreshes = await removeInPieces(dataSource, (manager) => history.removeRefreshes(manager, before), signal);
      if (runs > 0) this.logger.log('Runs past their days are forgotten', { count: runs });
      if (refreshes > 0) this.logger.log('Refreshes past their days are forgotten', { count: refreshes });
    });
  }
}
