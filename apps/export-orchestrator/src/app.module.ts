import { toAuthSettings, toKafkaSettings } from '@courier/config';
import {
  alertChangedV1,
  auditRecordedV1,
  batchFinishedV1,
  connectionChangedV1,
  runReplayedV1,
  runWaitingV1,
  segmentRefreshedV1,
  topicPlans,
  topics,
} from '@courier/contracts';
import { HttpModule, type HttpOptions } from '@courier/http';
import { IntakeReadiness, KafkaReadiness, MessagingModule, messagingMigrations } from '@courier/messaging';
import { DatabaseClock, DatabaseReadiness, PersistenceModule, persistenceMigrations } from '@courier/persistence';
import { StagedFolders as FileStagedFolders } from '@courier/staging';
import { TelemetryModule } from '@courier/telemetry';
import { type DynamicModule, Module } from '@nestjs/common';
import { controllers } from './adapters/http';
import { ConnectionsConsumer } from './adapters/kafka/connections.consumer';
import { OutcomesConsumer } from './adapters/kafka/outcomes.consumer';
import { RefreshesConsumer } from './adapters/kafka/refreshes.consumer';
import { ChildProcessPlanner } from './adapters/planner/child-process-planner';
import { entities, migrations } from './adapters/postgres';
import { PostgresAlertStore } from './adapters/postgres/postgres-alert-store';
import { PostgresBatchStore } from './adapters/postgres/postgres-batch-store';
import { PostgresConnectionStore } from './adapters/postgres/postgres-connection-store';
import { PostgresExportStore } from './adapters/postgres/postgres-export-store';
import { PostgresLeftovers } from './adapters/postgres/postgres-leftovers';
import { PostgresHistory } from './adapters/postgres/postgres-history';
import { PostgresLedgerStore } from './adapters/postgres/postgres-ledger-store';
import { PostgresRefreshStore } from './adapters/postgres/postgres-refresh-store';
import { PostgresRunStore } from './adapters/postgres/postgres-run-store';
import { HttpListReader } from './adapters/sink/http-list-reader';
import { StagedRejectedRows } from './adapters/staging/staged-rejected-rows';
import { RunGauges } from './adapters/postgres/run-gauges';
import { MaintenanceWorkers } from './adapters/work/maintenance-workers';
import { RunWorkers } from './adapters/work/run-workers';
import type { Config } from './config';
import { AlertStore } from './ports/alert-store';
import { BatchStore } from './ports/batch-store';
import { CLOCK } from './ports/clock';
import { ConnectionStore } from './ports/connection-store';
import { ExportStore } from './ports/export-store';
import { History } from './ports/history';
import { Leftovers } from './ports/leftovers';
import { StagedFolders } from './ports/staged-folders';
import { LedgerStore } from './ports/ledger-store';
import { ListReader } from './ports/list-reader';
import { Planner } from './ports/planner';
import { RejectedRows } from './ports/rejected-rows';
import { RefreshStore } from './ports/refresh-store';
import { RunStore } from './ports/run-store';
import { Settings } from './ports/settings';
import { serviceName } from './service-name';
import { AwaitConnection } from './use-cases/await-connection';
import { AnnounceAgain } from './use-cases/announce-again';
import { BeginRun } from './use-cases/begin-run';
import { CancelReplay } from './use-cases/cancel-replay';
import { ChangeRun } from './use-cases/change-run';
import { ChooseTurn } from './use-cases/choose-turn';
import { CheckList } from './use-cases/check-list';
import { CreateExport } from './use-cases/create-export';
import { DuplicateExport } from './use-cases/duplicate-export';
import { EditExport } from './use-cases/edit-export';
import { FindExports } from './use-cases/find-exports';
import { FinishRun } from './use-cases/finish-run';
import { KeepExport } from './use-cases/keep-export';
import { LeaveConnection } from './use-cases/leave-connection';
import { ListRejectedProfiles } from './use-cases/list-rejected-profiles';
import { PlanRun } from './use-cases/plan-run';
import { ForeseeReplay } from './use-cases/foresee-replay';
import { HoldReplay } from './use-cases/hold-replay';
import { RecordOutcome } from './use-cases/record-outcome';
import { RecordResent } from './use-cases/record-resent';
import { ReplayRefresh } from './use-cases/replay-refresh';
import { ReplayRuns } from './use-cases/replay-runs';
import { ReflectOnExport } from './use-cases/reflect-on-export';
import { RepublishExports } from './use-cases/republish-exports';
import { ResetSequence } from './use-cases/reset-sequence';
import { StartRun } from './use-cases/start-run';
import { StartRunsOfRefresh } from './use-cases/start-runs-of-refresh';
import { StopOverdueRuns } from './use-cases/stop-overdue-runs';
import { SweepHistory } from './use-cases/sweep-history';
import { SweepLeftovers } from './use-cases/sweep-leftovers';
import { TellAlerts } from './use-cases/tell-alerts';

const work = [MaintenanceWorkers, RunGauges, RunWorkers];

const useCases = [
  AnnounceAgain,
  AwaitConnection,
  BeginRun,
  CancelReplay,
  ChangeRun,
  ChooseTurn,
  CheckList,
  CreateExport,
  DuplicateExport,
  EditExport,
  FindExports,
  FinishRun,
  KeepExport,
  LeaveConnection,
  ListRejectedProfiles,
  PlanRun,
  ForeseeReplay,
  HoldReplay,
  RecordOutcome,
  RecordResent,
  ReplayRefresh,
  ReplayRuns,
  ReflectOnExport,
  RepublishExports,
  ResetSequence,
  StartRun,
  StartRunsOfRefresh,
  StopOverdueRuns,
  SweepHistory,
  SweepLeftovers,
  TellAlerts,
];

/** The wiring diagram: the only place where a port meets its adapter. */
@Module({})
export class AppModule {
  /** A spec gives another `service`, so that its consumer group is its own. */
  static forRoot(config: Config, service = serviceName): DynamicModule {
    return {
      module: AppModule,
      imports: [
        TelemetryModule.forRoot({ serviceName, level: config.LOG_LEVEL }),
        PersistenceModule.forRoot({
          url: config.DATABASE_URL,
          entities,
          migrations: [...persistenceMigrations, ...messagingMigrations, ...migrations],
        }),
        MessagingModule.forRoot({
          service,
          source: `/${serviceName}`,
          kafka: toKafkaSettings(config),
          replayMaxRecords: config.REPLAY_MAX_RECORDS,
          createTopics: config.KAFKA_CREATE_TOPICS ? topicPlans(config.TOPIC_RETENTION_HOURS) : [],
          topicRetentionHours: config.TOPIC_RETENTION_HOURS,
          auditDays: config.AUDIT_DAYS,
          audit: auditRecordedV1,
          alert: alertChangedV1,
          consumes: [
            { topic: topics.segmentRefreshes, messages: [segmentRefreshedV1] },
            { topic: topics.connections, messages: [connectionChangedV1] },
            { topic: topics.outcomes, messages: [batchFinishedV1, runReplayedV1, runWaitingV1] },
          ],
        }),
        HttpModule.forRoot(httpOptionsOf(config)),
      ],
      controllers: [...controllers, RefreshesConsumer, ConnectionsConsumer, OutcomesConsumer],
      providers: [
        { provide: CLOCK, useExisting: DatabaseClock },
        { provide: Settings, useValue: settingsOf(config) },
        { provide: AlertStore, useClass: PostgresAlertStore },
        { provide: ExportStore, useClass: PostgresExportStore },
        { provide: ConnectionStore, useClass: PostgresConnectionStore },
        { provide: RefreshStore, useClass: PostgresRefreshStore },
        { provide: RunStore, useClass: PostgresRunStore },
        { provide: BatchStore, useClass: PostgresBatchStore },
        { provide: ListReader, useFactory: () => new HttpListReader(config.KLAVIYO_SINK_URL) },
        { provide: LedgerStore, useClass: PostgresLedgerStore },
        { provide: Leftovers, useClass: PostgresLeftovers },
        { provide: History, useClass: PostgresHistory },
        { provide: StagedFolders, useFactory: () => new FileStagedFolders(config.STAGING_URI) },
        { provide: RejectedRows, useFactory: () => new StagedRejectedRows(plannerOptionsOf(config)) },
        { provide: Planner, useFactory: () => new ChildProcessPlanner(plannerOptionsOf(config)) },
        ...work,
        ...useCases,
      ],
    };
  }
}

function settingsOf(config: Config): Settings {
  return {
    environmentId: config.ENVIRONMENT_ID,
    runDeadlineHours: config.RUN_DEADLINE_HOURS,
    dependencyWaitMinutes: config.DEPENDENCY_WAIT_MINUTES,
    stagingDays: config.STAGING_DAYS,
    topicRetentionHours: config.TOPIC_RETENTION_HOURS,
    historyDays: config.HISTORY_DAYS,
  };
}

function plannerOptionsOf(config: Config) {
  return {
    snapshotRoots: config.SNAPSHOT_ROOTS,
    stagingUri: config.STAGING_URI,
    stagingKeyFile: config.STAGING_KEY_FILE,
    privateDir: config.PLANNER_DIR,
    memoryMb: config.PLANNER_MEMORY_MB,
  };
}

function httpOptionsOf(config: Config): HttpOptions {
  return {
    auth: toAuthSettings(config),
    readiness: [DatabaseReadiness, KafkaReadiness, IntakeReadiness],
    fingerprintSecretFile: config.STAGING_KEY_FILE,
  };
}
