import { toAuthSettings, toKafkaSettings } from '@courier/config';
import { alertChangedV1, auditRecordedV1, connectionCheckedV1, exportChangedV1, topicPlans, topics } from '@courier/contracts';
import { HttpModule } from '@courier/http';
import { IntakeReadiness, KafkaReadiness, MessagingModule, messagingMigrations } from '@courier/messaging';
import { DatabaseReadiness, PersistenceModule, persistenceMigrations } from '@courier/persistence';
import { TelemetryModule } from '@courier/telemetry';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from './config';
import { ConnectionEntity, ConnectionsModule } from './connections';
import { ExportsModule } from './exports';
import { Connections1700000001001 } from './migrations/0001-connections';
import { KnownExports1700000001002 } from './migrations/0002-known-exports';
import { serviceName } from './service-name';

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
          entities: [ConnectionEntity],
          migrations: [...persistenceMigrations, ...messagingMigrations, Connections1700000001001, KnownExports1700000001002],
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
        ConnectionsModule.forRoot({
          profileLimitCeiling: config.PROFILE_LIMIT_CEILING,
          signingPrivateJwks: config.CONNECTION_SIGNING_PRIVATE_JWKS_FILE,
          sinkPublicJwks: config.SINK_PUBLIC_JWKS_FILE,
        }),
        ExportsModule,
      ],
    };
  }
}
