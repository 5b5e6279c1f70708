import { onScrape, type Reading } from '@courier/telemetry';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { quotaBuckets, quotaUse } from '../accounts';
import { Settings } from '../settings';
import { serviceName } from '../service-name';
import { select } from '../sql';

const gauges = {
  'courier.deliveries': { description: 'Batches that are not delivered to the end', unit: '{batch}' },
  'courier.deliveries.oldest.age': { description: 'Age of the oldest of them', unit: 's' },
  'courier.submissions': { description: 'Import calls of these batches, by state', unit: '{call}' },
  'courier.klaviyo.quota.used': {
    description: 'Part of our share of an endpoint that is used up, of the account that uses most, by window',
    unit: '1',
  },
};

type Gauge = keyof typeof gauges;

const liveStates = ['pending', 'sending', 'unanswered', 'accepted'];

/** What waits for Klaviyo, read from the tables when somebody scrapes. */
@Injectable()
export class DeliveryGauges implements OnModuleInit, OnModuleDestroy {
  private end: () => void = () => undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.end = onScrape(serviceName, gauges, () => this.read());
  }

  onModuleDestroy(): void {
    this.end();
  }

  private async read(): Promise<Reading<Gauge>[]> {
    const { manager } = this.dataSource;
    const [open] = await select<{ deliveries: number; oldest: number }>(
      manager,
      `SELECT count(*)::int AS deliveries, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float AS oldest
       FROM deliveries WHERE state = 'open'`,
    );
    const states = await select<{ state: string; submissions: number }>(
      manager,
      'SELECT state, count(*)::int AS submissions FROM live_submissions GROUP BY state',
    );
    return [
      { name: 'courier.deliveries', value: open?.deliveries ?? 0 },
      { name: 'courier.deliveries.oldest.age', value: open?.oldest ?? 0 },
      ...liveStates.map((state) => ({
        name: 'courier.submissions' as const,
        value: states.find((row) => row.state === state)?.submissions ?? 0,
        attributes: { 'courier.submission.state': state },
      })),
      ...(await this.quota()),
    ];
  }

  private async quota(): Promise<Reading<Gauge>[]> {
    const rows = await select<{ bucket: string; starts: number[]; now_ms: number }>(
      this.dataSource.manager,
      `SELECT bucket, starts, (extract(epoch FROM clock_timestamp()) * 1000)::double precision AS now_ms FROM quotas
       WHERE cardinality(starts) > 0`,
    );
    return quotaBuckets.flatMap((bucket) => {
      const used = rows.filter((row) => row.bucket === bucket).map((row) => quotaUse(bucket, this.settings.quotaShare, row));
      return (['second', 'minute'] as const).map((window) => ({
        name: 'courier.klaviyo.quota.used' as const,
        value: Math.max(0, ...used.map((use) => use[window])),
        attributes: { 'courier.klaviyo.quota.bucket': bucket, 'courier.klaviyo.quota.window': window },
      }));
    });
  }
}
