import { toAuthSettings, toKafkaSettings } from '@courier/config';
import { alertChangedV1, auditRecordedV1, connectionCheckedV1, exportChangedV1, topicPlans, topics } from '@courier/contracts';
import { HttpModule } from '@courier/http';
import { IntakeReadiness, KafkaReadiness, MessagingModule, messagingMigrations } from '@courier/messaging';
import { DatabaseClock, DatabaseReadiness, PersistenceModule, persistenceMigrations } from '@courier/persistence';
import { TelemetryModule } from '@courier/telemetry';
import { type DynamicModule, Module } from '@nestjs/common';
import { controllers } from './api';
import { ConnectionChecksConsumer } from './connections/connection-checks.consumer';
import { ExportsConsumer } from './exports/exports.consumer';
import { entities, migrations } from './database';
import { ConnectionGauges } from './connections/connection-gauges';
import { PostgresChangeSignal } from './connections/postgres-change-signal';
import { PostgresConnectionStore } from './connections/postgres-connection-store';
import { PostgresExportStore } from './exports/postgres-export-store';
import { JoseCredentialSealer } from './connections/jose-credential-sealer';
import type { Config } from './config';
import { ChangeSignal } from './connections/change-signal';
import { CLOCK } from './clock';
import { ConnectionStore } from './connections/connection-store';
import { CredentialSealer } from './connections/credential-sealer';
import { ExportStore } from './exports/export-store';
import { Settings } from './connections/settings';
import { serviceName } from './service-name';
import { AwaitCheck } from './connections/await-check';
import { CreateConnection } from './connections/create-connection';
import { EditConnection } from './connections/edit-connection';
import { ListConnections } from './connections/list-connections';
import { RecordCheck } from './connections/record-check';
import { RemoveConnection } from './connections/remove-connection';
import { RepublishConnections } from './connections/republish-connections';
import { ShowConnection } from './connections/show-connection';
import { VerifyConnection } from './connections/verify-connection';

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
          createTopics: config.KAFKA_CREATE_TOPICS ? topicPlans(config.TOPIC_RETENTION_HOURS) : [],
          topicRetentionHours: config.TOPIC_RETENTION_HOURS,
          auditDays: config.AUDIT_DAYS,
          replayMaxRecords: config.REPLAY_MAX_RECORDS,
          audit: auditRecordedV1,
          alert: alertChangedV1,
          consumes: [
            { topic: topics.connectionChecks, messages: [connectionCheckedV1] },
            { topic: topics.exports, messages: [exportChangedV1] },
          ],
        }),
        HttpModule.forRoot({
          auth: toAuthSettings(config),
          readiness: [DatabaseReadiness, KafkaReadiness, IntakeReadiness],
          fingerprintSecretFile: config.CONNECTION_SIGNING_PRIVATE_JWKS_FILE,
        }),
      ],
      controllers: [...controllers, ConnectionChecksConsumer, ExportsConsumer],
      providers: [
        { provide: CLOCK, useExisting: DatabaseClock },
        { provide: Settings, useValue: settingsOf(config) },
        { provide: ConnectionStore, useClass: PostgresConnectionStore },
        { provide: ExportStore, useClass: PostgresExportStore },
        { provide: ChangeSignal, useClass: PostgresChangeSignal },
        { provide: CredentialSealer, useFactory: () => JoseCredentialSealer.fromFiles(keyFilesOf(config)) },
        AwaitCheck,
        ConnectionGauges,
        CreateConnection,
        EditConnection,
        ListConnections,
        RecordCheck,
        RemoveConnection,
        RepublishConnections,
        ShowConnection,
        VerifyConnection,
      ],
    };
  }
}

function settingsOf(config: Config): Settings {
  return { profileLimitCeiling: config.PROFILE_LIMIT_CEILING };
}

function keyFilesOf(config: Config) {
  return {
    signingPrivateJwks: config.CONNECTION_SIGNING_PRIVATE_JWKS_FILE,
    sinkPublicJwks: config.SINK_PUBLIC_JWKS_FILE,
  };
}
