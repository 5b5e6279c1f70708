import { type Clock } from '@courier/kernel';
import { Leases } from '@courier/persistence';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type StagedFolder, sweepBefore } from '../domain/sweep';
import { CLOCK } from '../ports/clock';
import { Leftovers } from '../ports/leftovers';
import { Settings } from '../ports/settings';
import { StagedFolders } from '../ports/staged-folders';

const LEASE = { ttlMs: 60_000 };
const RUNS_AT_ONCE = 500;

/** Removes what ended runs left behind: staged folders and old ledger versions past their time, and leases. */
@Injectable()
export class SweepLeftovers {
  private readonly logger = new Logger(SweepLeftovers.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly leases: Leases,
    private readonly folders: StagedFolders,
    private readonly leftovers: Leftovers,
    private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    await this.leases.hold('sweep', LEASE, ({ signal }) => this.sweep(signal));
  }

  private async sweep(signal: AbortSignal): Promise<void> {
    const before = sweepBefore(this.clock.now(), this.settings);
    const { manager } = this.dataSource;
    const rows = await this.leftovers.removeRows(manager, before);
    let count = 0;
    let runs: StagedFolder[] = [];
    const removeEnded = async () => {
      const ended = await this.leftovers.endedRuns(
        manager,
        runs.map(({ scope }) => scope),
        before,
      );
      for (const folder of runs) if (ended.has(folder.scope)) await this.folders.remove(folder).then(() => (count += 1));
      runs = [];
    };
    for await (const folder of this.folders.runs()) {
      if (signal.aborted) return;
      // A folder that was touched since belongs to somebody, whatever the database knows of it.
      if (folder.modifiedAt < before) runs.push(folder);
      if (runs.length === RUNS_AT_ONCE) await removeEnded();
    }
    await removeEnded();
    count += await this.sweepLedgers(before, signal);
    if (rows + count > 0) this.logger.log('Leftovers of ended runs are removed', { rows, count });
  }

  private async sweepLedgers(before: Date, signal: AbortSignal): Promise<number> {
    let removed = 0;
    for await (const folder of this.folders.ledgerVersions()) {
      if (signal.aborted) return removed;
      if (folder.modifiedAt >= before) continue;
      // Asked for each, because a run may begin with it at any moment.
      const inUse = [...(await this.leftovers.ledgersInUse(this.dataSource.manager))];
      if (inUse.some((path) => path.startsWith(`ledgers/${folder.scope}/${folder.attempt}/`))) continue;
      await this.folders.remove(folder);
      removed += 1;
    }
    return removed;
  }
}
