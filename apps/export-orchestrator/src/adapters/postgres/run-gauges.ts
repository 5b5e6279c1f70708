import { runStatuses, terminalRunStatuses } from '@courier/contracts';
import { onScrape, type Reading } from '@courier/telemetry';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { serviceName } from '../../service-name';

const gauges = {
  'courier.runs': { description: 'Runs that have not ended, by status and by what they wait for', unit: '{run}' },
  'courier.runs.oldest.age': { description: 'Age of the oldest run that has not ended, by status', unit: 's' },
  'courier.batches': { description: 'Batches without an outcome, by status', unit: '{batch}' },
};

type Gauge = keyof typeof gauges;

const openStatuses = runStatuses.filter((status) => !terminalRunStatuses.some((terminal) => terminal === status));

/** What is under way, read from the tables when somebody scrapes. */
@Injectable()
export class RunGauges implements OnModuleInit, OnModuleDestroy {
  private end: () => void = () => undefined;

  constructor(private readonly dataSource: DataSource) {}

  onModuleInit(): void {
    this.end = onScrape(serviceName, gauges, () => this.read());
  }

  onModuleDestroy(): void {
    this.end();
  }

  private async read(): Promise<Reading<Gauge>[]> {
    const runs: { status: string; waiting: string; runs: number; oldest: number }[] = await this.dataSource.query(
      `SELECT status, coalesce(waiting ->> 'reason', 'nothing') AS waiting, count(*)::int AS runs,
         extract(epoch FROM now() - min(created_at))::float AS oldest
       FROM runs WHERE finished_at IS NULL GROUP BY 1, 2`,
    );
    const batches: { status: string; batches: number }[] = await this.dataSource.query(
      `SELECT batches.status, count(*)::int AS batches FROM runs JOIN batches ON batches.run_id = runs.id
       WHERE runs.finished_at IS NULL AND batches.status <> 'finished' GROUP BY 1`,
    );
    const oldest = new Map<string, number>();
    for (const row of runs) oldest.set(row.status, Math.max(row.oldest, oldest.get(row.status) ?? 0));
    return [
      ...openStatuses.flatMap((status) => openRuns(status, runs, oldest)),
      ...['planned', 'announced'].map((status) => ({
        name: 'courier.batches' as const,
        value: batches.find((row) => row.status === status)?.batches ?? 0,
        attributes: { 'courier.batch.status': status },
      })),
    ];
  }
}

/** A status that nobody is in shows 0, so that a graph falls to the ground instead of ending in the air. */
function openRuns(
  status: string,
  rows: readonly { status: string; waiting: string; runs: number }[],
  oldest: ReadonlyMap<string, number>,
): Reading<Gauge>[] {
  const counts = new Map([
    ['nothing', 0],
    ...rows.filter((row) => row.status === status).map((row) => [row.waiting, row.runs] as const),
  ]);
  const attributes = { 'courier.run.status': status };
  return [
    ...[...counts].map(([waiting, value]) => ({
      name: 'courier.runs' as const,
      value,
      attributes: { ...attributes, 'courier.run.waiting': waiting },
    })),
    { name: 'courier.runs.oldest.age', value: oldest.get(status) ?? 0, attributes },
  ];
}
