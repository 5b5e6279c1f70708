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
import { controllers } from './api';
import { BatchesConsumer } from './deliveries/batches.consumer';
import { ConnectionsConsumer } from './connections/connections.consumer';
import { KlaviyoClient } from './klaviyo/klaviyo-client';
import { KlaviyoTransport } from './klaviyo/transport';
import { migrations } from './database';
import { DeliveryGauges } from './deliveries/delivery-gauges';
import { PostgresConnectionStore } from './connections/postgres-connection-store';
import { PostgresDeliveryStore } from './deliveries/postgres-delivery-store';
import { PostgresHistory } from './cleaning/postgres-history';
import { PostgresLeasedWrites } from './accounts/postgres-leased-writes';
import { PostgresQuota } from './accounts/postgres-quota';
import { PostgresReplayedRuns } from './replays/postgres-replayed-runs';
import { JoseCredentialOpener } from './connections/jose-credential-opener';
import { StagedBatchObjects } from './deliveries/staged-batch-objects';
import { MaintenanceWorkers } from './cleaning/maintenance-workers';
import { ReplayWorkers } from './replays/replay-workers';
import { SinkWorkers } from './operations/sink-workers';
import type { Config } from './config';
import { BatchObjects } from './deliveries/batch-objects';
import { CLOCK } from './clock';
import { ConnectionStore } from './connections/connection-store';
import { CredentialOpener } from './connections/credential-opener';
import { DeliveryStore } from './deliveries/delivery-store';
import { History } from './cleaning/history';
import { KlaviyoApi } from './klaviyo/klaviyo-api';
import { LeasedWrites } from './accounts/leased-writes';
import { Quota } from './accounts/quota-store';
import { ReplayedRuns } from './replays/replayed-runs';
import { Settings } from './settings';
import { serviceName } from './service-name';
import { BatchSlots } from './deliveries/batch-slots';
import { CheckConnection } from './connections/check-connection';
import { DeliverAccount } from './operations/deliver-account';
import { FindLostJobs } from './operations/import/find-lost-jobs';
import { FinishDeliveries } from './deliveries/finish-deliveries';
import { FollowJobs } from './operations/import/follow-jobs';
import { ForeseeReplay } from './deliveries/foresee-replay';
import { KeepConnection } from './connections/keep-connection';
import { KlaviyoSessions } from './accounts/klaviyo-session';
import { ReadLists } from './connections/read-lists';
import { RefuseBatch } from './deliveries/refuse-batch';
import { RequestDelivery } from './deliveries/request-delivery';
import { ResolveRefusedImport } from './operations/import/resolve-refused-import';
import { SendSubmission } from './operations/import/send-submission';
import { StopRun } from './deliveries/stop-run';
import { SweepHistory } from './cleaning/sweep-history';
import { TellReplayedRuns } from './replays/tell-replayed-runs';
import { TellWaiting } from './connections/tell-waiting';
import { UseCredential } from './connections/use-credential';

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
