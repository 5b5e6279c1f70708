import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { createDataSource, type DatabaseOptions, migrate } from './data-source';
import { DatabaseClock } from './database-clock';
import { Leases } from './leases';
import { Notifications } from './notifications';
import { DatabaseReadiness } from './readiness';
import { RequestKeys } from './request-keys';

/** Connects and migrates before any other provider that asks for the DataSource is made. */
@Global()
@Module({})
export class PersistenceModule implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource) {}

  static forRoot(options: DatabaseOptions): DynamicModule {
    const dataSource = {
      provide: DataSource,
      useFactory: async () => {
        const created = await createDataSource(options).initialize();
        await migrate(created);
        return created;
      },
    };
    const clock = { provide: DatabaseClock, inject: [DataSource], useFactory: (of: DataSource) => DatabaseClock.of(of) };
    return {
      module: PersistenceModule,
      providers: [dataSource, clock, Leases, Notifications, RequestKeys, DatabaseReadiness],
      exports: [DataSource, DatabaseClock, Leases, Notifications, RequestKeys, DatabaseReadiness],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
