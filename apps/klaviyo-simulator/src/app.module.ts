import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AccountsController } from './adapters/http/accounts.controller';
import { RulesController } from './adapters/http/control/rules.controller';
import { StateController } from './adapters/http/control/state.controller';
import { UnknownControlController } from './adapters/http/control/unknown-control.controller';
import { ErrorFilter } from './adapters/http/error.filter';
import { FallbackController } from './adapters/http/fallback.controller';
import { Gate } from './adapters/http/gate';
import { HealthController } from './adapters/http/health.controller';
import { ImportJobsController } from './adapters/http/import-jobs.controller';
import { ListsController } from './adapters/http/lists.controller';
import { ProfilesController } from './adapters/http/profiles.controller';
import { JobTicker } from './adapters/schedule/job-ticker';
import { World, type Seed } from './domain/world';
import { AcceptImportJob } from './use-cases/accept-import-job';
import { RunImportJobs } from './use-cases/run-import-jobs';

@Module({})
export class AppModule {
  static forSeed(seed: Seed): DynamicModule {
    return {
      module: AppModule,
      controllers: [
        HealthController,
        StateController,
        RulesController,
        UnknownControlController,
        AccountsController,
        ProfilesController,
        ListsController,
        ImportJobsController,
        // Last: it takes what the others leave.
        FallbackController,
      ],
      providers: [
        Gate,
        JobTicker,
        { provide: World, useFactory: () => new World(seed) },
        { provide: AcceptImportJob, inject: [World], useFactory: (world: World) => new AcceptImportJob(world) },
        { provide: RunImportJobs, inject: [World], useFactory: (world: World) => new RunImportJobs(world) },
        { provide: APP_FILTER, useClass: ErrorFilter },
      ],
    };
  }
}
