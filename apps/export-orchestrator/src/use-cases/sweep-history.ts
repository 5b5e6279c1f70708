import { type Clock } from '@courier/kernel';
import { Leases } from '@courier/persistence';
import { historyMs } from '@courier/staging';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CLOCK } from '../ports/clock';
import { History } from '../ports/history';
import { Settings } from '../ports/settings';

const LEASE = { ttlMs: 60_000 };
/** Of each kind in one pass; the next one goes on. */
const PIECES_MAX = 200;

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
    const before = new Date(this.clock.now().getTime() - historyMs(this.settings));
    await this.leases.hold('sweep-history', LEASE, async ({ signal }) => {
      const runs = await this.remove((manager) => this.history.removeRuns(manager, before), signal);
      const refreshes = await this.remove((manager) => this.history.removeRefreshes(manager, before), signal);
      if (runs > 0) this.logger.log('Runs past their days are forgotten', { count: runs });
      if (refreshes > 0) this.logger.log('Refreshes past their days are forgotten', { count: refreshes });
    });
  }

  private async remove(piece: (manager: EntityManager) => Promise<number>, signal: AbortSignal): Promise<number> {
    let removed = 0;
    for (let pieces = 0; pieces < PIECES_MAX && !signal.aborted; pieces += 1) {
      const rows = await this.dataSource.transaction(piece);
      if (rows === 0) break;
      removed += rows;
    }
    return removed;
  }
}
