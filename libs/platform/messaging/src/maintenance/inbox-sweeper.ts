import { Leases, WorkLoop } from '@courier/persistence';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MESSAGING_OPTIONS, type MessagingOptions } from '../messaging-options';

const SWEEP_MS = 3_600_000;
const LEASE = { ttlMs: 60_000 };
/** Kafka deletes whole segments, by default of a week: a record outlives its retention by as much, and may be delivered again. */
const MARGIN_HOURS = 8 * 24;
const ROWS_AT_ONCE = 10_000;

/** Forgets events and dead letters whose records the topics do not hold any more, and what the audit has kept for its days. */
@Injectable()
export class InboxSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(InboxSweeper.name);
  private readonly loop: WorkLoop;

  constructor(
    @Inject(MESSAGING_OPTIONS) private readonly options: MessagingOptions,
    private readonly dataSource: DataSource,
    private readonly leases: Leases,
  ) {
    this.loop = new WorkLoop({
      name: 'sweep the inbox',
      pollMs: SWEEP_MS,
      work: () => this.sweep().then(() => 'idle'),
      onError: (error) => this.logger.warn('The inbox could not be swept and will be later', { err: error }),
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  async sweep(): Promise<void> {
    await this.leases.hold(`inbox-sweep:${this.options.service}`, LEASE, async ({ signal }) => {
      const { auditDays, service, topicRetentionHours } = this.options;
      const past = [service, topicRetentionHours + MARGIN_HOURS];
      const old = (time: string) => `consumer = $1 AND ${time} < now() - $2 * interval '1 hour'`;
      const rows =
        (await this.remove('inbox', old('received_at'), past, signal)) +
        (await this.remove('dead_letters', old('created_at'), past, signal));
      if (rows > 0) this.logger.log('Events past the retention of their topics are forgotten', { rows });
      const audited = await this.remove('audit_events', `created_at < now() - $1 * interval '1 day'`, [auditDays], signal);
      if (audited > 0) this.logger.log('Audit events past their days are removed', { rows: audited });
    });
  }

  private async remove(table: string, condition: string, parameters: unknown[], signal: AbortSignal): Promise<number> {
    let removed = 0;
    for (let rows = ROWS_AT_ONCE; rows === ROWS_AT_ONCE && !signal.aborted; removed += rows) {
      const [, count]: [unknown, number] = await this.dataSource.query(
        `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${ROWS_AT_ONCE}))`,
        parameters,
      );
      rows = count;
    }
    return removed;
  }
}
