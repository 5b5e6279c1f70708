import type { Lease } from '@courier/persistence';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { LeasedWrites } from './leased-writes';

@Injectable()
export class PostgresLeasedWrites extends LeasedWrites {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  write<T>(lease: Lease, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      await lease.assertHeld(manager);
      return work(manager);
    });
  }
}
