import { onScrape } from '@courier/telemetry';
import { connectionStates } from '@courier/contracts';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { serviceName } from '../service-name';

const gauges = { 'courier.connections': { description: 'Connections by state', unit: '{connection}' } };

@Injectable()
export class ConnectionGauges implements OnModuleInit, OnModuleDestroy {
  private end: () => void = () => undefined;

  constructor(private readonly dataSource: DataSource) {}

  onModuleInit(): void {
    this.end = onScrape(serviceName, gauges, async () => {
      const rows: { state: string; connections: number }[] = await this.dataSource.query(
        'SELECT state, count(*)::int AS connections FROM connections GROUP BY state',
      );
      return connectionStates.map((state) => ({
        name: 'courier.connections' as const,
        value: rows.find((row) => row.state === state)?.connections ?? 0,
        attributes: { 'courier.connection.state': state },
      }));
    });
  }

  onModuleDestroy(): void {
    this.end();
  }
}
