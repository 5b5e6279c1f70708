import { toAuthSettings, toKafkaSettings } from '@courier/config';
import {
  alertChangedV1,
  auditRecordedV1,
  batchRequestedV1,
  connectionChangedV1,
  runStoppedV1,
  topicPlans,
  topics,
} from '@courier/contracts';
import { HttpModule } from '@courier/http';
import { systemClock } from '@courier/kernel';
import { IntakeReadiness, KafkaReadiness, MessagingModule, messagingMigrations } from '@courier/messaging';
import { DatabaseReadiness, PersistenceModule, persistenceMigrations } from '@courier/persistence';
import { historyMs, replayWindowMs, StagingArea, StagingKey } from '@courier/staging';
import { TelemetryModule } from '@courier/telemetry';
import { type DynamicModule, Module } from '@nestjs/common';
import { controllers } from './adapters/http';
import { BatchesConsumer } from './adapters/kafka/batches.consumer';
import { ConnectionsConsumer } from './adapters/kafka/connections.consumer';
import { KlaviyoClient } from './adapters/klaviyo/klaviyo-client';
import { KlaviyoTransport } from './adapters/klaviyo/transport';
import { migrations } from './adapters/postgres';
import { DeliveryGauges } from './adapters/postgres/delivery-gauges';
import { PostgresConnectionStore } from './adapters/postgres/postgres-connection-store';
import { PostgresDeliveryStore } from './adapters/postgres/postgres-delivery-store';
import { PostgresHistory } from './adapters/postgres/postgres-history';
import { PostgresLeasedWrites } from './adapters/postgres/postgres-leased-writes';
import { PostgresQuota } from './adapters/postgres/postgres-quota';
import { PostgresReplayedRuns } from './adapters/postgres/postgres-replayed-runs';
import { JoseCredentialOpener } from './adapters/sealing/jose-credential-opener';
import { StagedBatchObjects } from './adapters/staging/staged-batch-objects';
import { MaintenanceWorkers } from './adapters/work/maintenance-workers';
import { ReplayWorkers } from './adapters/work/replay-workers';
import { SinkWorkers } from './adapters/work/sink-workers';
import type { Config } from './config';
import { BatchObjects } from './ports/batch-objects';
import { CLOCK } from './ports/clock';
import { ConnectionStore } from './ports/connection-store';
import { CredentialOpener } from './ports/credential-opener';
import { DeliveryStore } from './ports/delivery-store';
import { History } from './ports/history';
import { KlaviyoApi } from './ports/klaviyo-api';
import { LeasedWrites } from './ports/leased-writes';
import { Quota } from './ports/quota';
import { ReplayedRuns } from './ports/replayed-runs';
import { Settings } from './ports/settings';
import { serviceName } from './service-name';
import { BatchSlots } from './use-cases/batch-slots';
import { CheckConnection } from './use-cases/check-connection';
import { DeliverAccount } from './use-cases/deliver-account';
import { FindLostJobs } from './use-cases/find-lost-jobs';
import { FinishDeliveries } from './use-cases/finish-deliveries';
import { FollowJobs } from './use-cases/follow-jobs';
import { ForeseeReplay } from './use-cases/foresee-replay';
import { KeepConnection } from './use-cases/keep-connection';
import { KlaviyoSessions } from './use-cases/klaviyo-session';
import { ReadLists } from './use-cases/read-lists';
import { RefuseBatch } from './use-cases/refuse-batch';
import { RequestDelivery } from './use-cases/request-delivery';
import { ResolveRefusedImport } from './use-cases/resolve-refused-import';
import { SendSubmission } from './use-cases/send-submission';
import { StopRun } from './use-cases/stop-run';
import { SweepHistory } from './use-cases/sweep-history';
import { TellReplayedRuns } from './use-cases/tell-replayed-runs';
import { TellWaiting } from './use-cases/tell-waiting';
import { UseCredential } from './use-cases/use-credential';

const work = [DeliveryGauges, MaintenanceWorkers, ReplayWorkers, SinkWorkers];

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
          migrations: [...persistenceMigrations, ...messagingMigrations, ...migrations],
          poolMax: 20,
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
            { topic: topics.connections, messages: [connectionChangedV1] },
            { topic: topics.batches, messages: [batchRequestedV1, runStoppedV1] },
          ],
        }),
        HttpModule.forRoot({
          auth: toAuthSettings(config),
          readiness: [DatabaseReadiness, KafkaReadiness, IntakeReadiness],
          fingerprintSecretFile: config.SINK_PRIVATE_JWKS_FILE,
        }),
      ],
      controllers: [...controllers, BatchesConsumer, ConnectionsConsumer],
      providers: [
        { provide: CLOCK, useValue: systemClock },
        { provide: Settings, useValue: settingsOf(config) },
        { provide: BatchObjects, useFactory: () => new StagedBatchObjects(stagingAreaOf(config)) },
        { provide: ConnectionStore, useClass: PostgresConnectionStore },
        { provide: CredentialOpener, useFactory: () => JoseCredentialOpener.fromFiles(keyFilesOf(config)) },
        { provide: DeliveryStore, useClass: PostgresDeliveryStore },
        { provide: History, useClass: PostgresHistory },
        { provide: KlaviyoApi, useClass: KlaviyoClient },
        { provide: KlaviyoTransport, useFactory: () => new KlaviyoTransport(transportOptionsOf(config)) },
        { provide: LeasedWrites, useClass: PostgresLeasedWrites },
        { provide: ReplayedRuns, useClass: PostgresReplayedRuns },
        { provide: Quota, useClass: PostgresQuota },
        BatchSlots,
        CheckConnection,
        DeliverAccount,
        FindLostJobs,
        FinishDeliveries,
        FollowJobs,
        ForeseeReplay,
        KeepConnection,
        KlaviyoSessions,
        ReadLists,
        RefuseBatch,
        RequestDelivery,
        ResolveRefusedImport,
        SendSubmission,
        StopRun,
        SweepHistory,
        TellReplayedRuns,
        TellWaiting,
        UseCredential,
        ...work,
      ],
    };
  }
}

const HOUR_MS = 3_600_000;
const LEASE_SPARE_MS = 5_000;
const RETRY_CAP_FACTOR = 32;

function settingsOf(config: Config): Settings {
  const window = { stagingDays: config.STAGING_DAYS, topicRetentionHours: config.TOPIC_RETENTION_HOURS };
  return {
    quotaShare: config.KLAVIYO_QUOTA_SHARE,
    callTimeoutMs: config.KLAVIYO_CALL_TIMEOUT_MS,
    leaseTtlMs: config.KLAVIYO_CALL_TIMEOUT_MS + LEASE_SPARE_MS,
    callsAtOnceMax: config.SINK_CALLS_AT_ONCE,
    batchesInMemoryMax: config.SINK_BATCHES_IN_MEMORY,
    triesMax: config.SINK_CALL_TRIES,
    backoff: { baseMs: config.SINK_RETRY_BASE_MS, capMs: config.SINK_RETRY_BASE_MS * RETRY_CAP_FACTOR },
    recheck: { baseMs: config.SINK_RECHECK_BASE_MS, capMs: config.SINK_RECHECK_BASE_MS * RETRY_CAP_FACTOR },
    stagedForMs: replayWindowMs(window),
    historyMs: historyMs({ ...window, historyDays: config.HISTORY_DAYS }),
    jobDeadlineMs: config.SINK_JOB_DEADLINE_HOURS * HOUR_MS,
  };
}

function transportOptionsOf(config: Config) {
  return {
    baseUrl: config.KLAVIYO_API_URL,
    revision: config.KLAVIYO_REVISION,
    callTimeoutMs: config.KLAVIYO_CALL_TIMEOUT_MS,
    connectionsMax: 16,
  };
}

function stagingAreaOf(config: Config): StagingArea {
  return new StagingArea(config.STAGING_URI, StagingKey.fromFile(config.STAGING_KEY_FILE));
}

function keyFilesOf(config: Config) {
  return {
    sinkPrivateJwks: config.SINK_PRIVATE_JWKS_FILE,
    signingPublicJwks: config.CONNECTION_SIGNING_PUBLIC_JWKS_FILE,
  };
}
