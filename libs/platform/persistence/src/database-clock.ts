import type { Clock } from '@courier/kernel';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { WorkLoop } from './work-loop';

const MEASURE_EVERY_MS = 60_000;
/** An answer that was longer under way says too little about when it was given. */
const ANSWER_MAX_MS = 1_000;

/**
 * PostgreSQL's clock, the one that all instances of a service share: what is counted by time goes on where another instance stopped,
 * however wrong the clocks of their machines are. Between two looks it advances with this process's monotonic clock, which nobody sets.
 */
@Injectable()
export class DatabaseClock implements Clock, OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(DatabaseClock.name);
  private known: { timeMs: number; atMs: number } | null = null;
  private readonly loop = new WorkLoop({
    name: 'clock of PostgreSQL',
    pollMs: MEASURE_EVERY_MS,
    work: () => this.measure().then(() => 'idle'),
    onError: (error) => this.logger.warn('The clock of PostgreSQL could not be read and goes on by itself', { err: error }),
  });

  private constructor(private readonly dataSource: DataSource) {}

  static async of(dataSource: DataSource): Promise<DatabaseClock> {
    const clock = new DatabaseClock(dataSource);
    await clock.measure();
    return clock;
  }

  now(): Date {
    if (this.known === null) throw new Error('the clock was never read');
    const { timeMs, atMs } = this.known;
    return new Date(timeMs + performance.now() - atMs);
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  private async measure(): Promise<void> {
    const askedMs = performance.now();
    const rows: { ms: number }[] = await this.dataSource.query(
      'SELECT extract(epoch FROM clock_timestamp())::float * 1000 AS ms',
    );
    const answeredMs = performance.now();
    if (this.known !== null && answeredMs - askedMs > ANSWER_MAX_MS) return;
    this.known = { timeMs: rows[0]?.ms ?? Number.NaN, atMs: (askedMs + answeredMs) / 2 };
  }
}
