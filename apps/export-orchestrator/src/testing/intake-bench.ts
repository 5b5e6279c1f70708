import { alertChangedV1, auditRecordedV1 } from '@courier/contracts';
import { IntakeReadiness, type IntakeTopic, MessagingModule, connectIntake, messagingMigrations } from '@courier/messaging';
import { PersistenceModule, persistenceMigrations } from '@courier/persistence';
import { createTestTopics, randomName, testBrokers, type TestDatabase } from '@courier/testing';
import { type INestApplication, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { entities, migrations } from '../adapters/postgres';

export interface IntakeBenchOptions {
  database: TestDatabase;
  /** Made for the bench, with one partition. */
  topic: string;
  messages: IntakeTopic['messages'];
  consumer: Type;
}

/** The real intake of one topic on the real broker, into the database of another bench. */
export class IntakeBench {
  readonly brokers = testBrokers();

  private constructor(
    private readonly app: INestApplication,
    private readonly group: string,
    private readonly dropTopics: () => Promise<void>,
  ) {}

  static async open({ database, topic, messages, consumer }: IntakeBenchOptions): Promise<IntakeBench> {
    const dropTopics = await createTestTopics([topic, `${topic}.dead-letters`]);
    const service = randomName('fuzzed');
    @Module({
      imports: [
        PersistenceModule.forRoot({
          url: database.url,
          entities,
          migrations: [...persistenceMigrations, ...messagingMigrations, ...migrations],
        }),
        MessagingModule.forRoot({
          service,
          source: '/spec',
          kafka: { brokers: testBrokers(), ssl: false },
          createTopics: [],
          topicRetentionHours: 720,
          auditDays: 730,
          replayMaxRecords: 100,
          audit: auditRecordedV1,
          alert: alertChangedV1,
          consumes: [{ topic: { name: topic, class: 'work' }, messages }],
        }),
      ],
      controllers: [consumer],
    })
    class BenchModule {}
    const app = await NestFactory.create(BenchModule, { logger: false, abortOnError: false });
    const bench = new IntakeBench(app, service, dropTopics);
    await bench.start().catch(async (error: unknown) => {
      await bench.close();
      throw error;
    });
    return bench;
  }

  private async start(): Promise<void> {
    connectIntake(this.app);
    await this.app.startAllMicroservices();
    await this.app.init();
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.dropTopics();
  }

  problems(): Promise<string | null> {
    return this.app.get(IntakeReadiness).check();
  }

  async position(): Promise<number> {
    const [row] = await this.query<{ next: number }>(
      'SELECT next_offset::int AS next FROM intake_positions WHERE consumer = $1',
      [this.group],
    );
    return row?.next ?? 0;
  }

  ends(): Promise<{ offset: number; eventId: string; disposition: string }[]> {
    const sql = 'SELECT record_offset::int AS offset, event_id AS "eventId", disposition FROM inbox WHERE consumer = $1';
    return this.query(sql, [this.group]);
  }

  /** The headers of each note. */
  async deadLetters(): Promise<Record<string, string>[]> {
    const rows = await this.query<{ headers: Record<string, string> }>(
      `SELECT headers FROM outbox WHERE topic LIKE '%.dead-letters' AND headers ->> 'dead-letter-consumer' = $1`,
      [this.group],
    );
    return rows.map(({ headers }) => headers);
  }

  private query<T>(sql: string, parameters: unknown[]): Promise<T[]> {
    return this.app.get(DataSource).query(sql, parameters);
  }
}
