import { onScrape, type Reading } from '@courier/telemetry';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { KafkaIntake } from './intake/kafka-intake';
import { MESSAGING_OPTIONS, type MessagingOptions } from './messaging-options';

const gauges = {
  'courier.outbox.unpublished': { description: 'Outbox rows that Kafka does not have yet', unit: '{message}' },
  'courier.outbox.oldest.age': { description: 'Age of the oldest outbox row that is not sent; 0 without one', unit: 's' },
  'courier.outbox.parked': { description: 'Outbox rows that Kafka refuses and that block their key', unit: '{message}' },
  'courier.intake.lag': { description: 'Records of a partition that are not taken in yet', unit: '{message}' },
  'courier.intake.position': { description: 'Offset of the next record to take in', unit: '{message}' },
  'courier.intake.paused': { description: 'Partitions of this instance that are paused, by reason', unit: '{partition}' },
};

type Gauge = keyof typeof gauges;

interface OutboxRow {
  unpublished: number;
  oldest: number;
  parked: number;
}

/** Kafka may be away: a scrape must not wait for it. */
const LOG_ENDS_MAX_MS = 1_500;

/** What waits in the outbox and before the intake. */
@Injectable()
export class MessagingGauges implements OnModuleInit, OnModuleDestroy {
  private end: () => void = () => undefined;

  constructor(
    @Inject(MESSAGING_OPTIONS) private readonly options: MessagingOptions,
    private readonly dataSource: DataSource,
    private readonly intake: KafkaIntake,
  ) {}

  onModuleInit(): void {
    this.end = onScrape('@courier/messaging', gauges, () => this.read());
  }

  onModuleDestroy(): void {
    this.end();
  }

  private async read(): Promise<Reading<Gauge>[]> {
    const readings = await Promise.all([this.outbox(), this.positions()]);
    return [...readings.flat(), ...this.paused()];
  }

  private async outbox(): Promise<Reading<Gauge>[]> {
    const rows: OutboxRow[] = await this.dataSource.query(
      `SELECT count(*)::int AS unpublished, count(parked_at)::int AS parked,
         coalesce(extract(epoch FROM now() - min(created_at)), 0)::float AS oldest
       FROM outbox WHERE published_at IS NULL`,
    );
    const { unpublished = 0, oldest = 0, parked = 0 } = rows[0] ?? {};
    return [
      { name: 'courier.outbox.unpublished', value: unpublished },
      { name: 'courier.outbox.oldest.age', value: oldest },
      { name: 'courier.outbox.parked', value: parked },
    ];
  }

  private async positions(): Promise<Reading<Gauge>[]> {
    const [rows, ends] = await Promise.all([
      this.dataSource.query<{ topic: string; partition: number; next_offset: string }[]>(
        'SELECT topic, partition, next_offset FROM intake_positions WHERE consumer = $1',
        [this.options.service],
      ),
      this.intake.logEnds(LOG_ENDS_MAX_MS),
    ]);
    return rows.flatMap(({ topic, partition, next_offset: next }) => {
      const attributes = { 'messaging.destination.name': topic, 'messaging.destination.partition.id': String(partition) };
      const end = ends.get(`${topic}/${partition}`);
      const position = { name: 'courier.intake.position' as const, value: Number(next), attributes };
      if (end === undefined) return [position];
      return [position, { name: 'courier.intake.lag' as const, value: Math.max(0, Number(end - BigInt(next))), attributes }];
    });
  }

  private paused(): Reading<Gauge>[] {
    const byReason = Object.entries(this.intake.pausedPartitions());
    return byReason.map(([reason, value]) => ({
      name: 'courier.intake.paused',
      value,
      attributes: { 'courier.intake.pause.reason': reason },
    }));
  }
}
