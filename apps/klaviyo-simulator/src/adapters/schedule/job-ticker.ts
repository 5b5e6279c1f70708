import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Account } from '../../domain/account';
import type { ImportJob } from '../../domain/import-job';
import { RunImportJobs } from '../../use-cases/run-import-jobs';

/** Gives import jobs their time: one timer, set for the next thing that is due. */
@Injectable()
export class JobTicker implements OnModuleDestroy {
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly jobs: RunImportJobs) {}

  start(account: Account, job: ImportJob): void {
    this.jobs.start(account, job);
    // The new job may be due before what the timer waits for.
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tick(), 0);
  }

  onModuleDestroy(): void {
    if (this.timer) clearTimeout(this.timer);
  }

  private tick(): void {
    const now = Date.now();
    const next = this.jobs.advance(now);
    this.timer = next === null ? null : setTimeout(() => this.tick(), Math.max(0, next - now));
  }
}
