import { defineMessage } from '@courier/kernel';
import { type MigrationClass, PersistenceModule, persistenceMigrations } from '@courier/persistence';
import { testBrokers } from '@courier/testing';
import { Controller, Module, type Type } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  type DeadLettered,
  deadLetterPattern,
  type Incoming,
  IntakeContext,
  type IntakeTopic,
  messagingMigrations,
  MessagingModule,
  type ReplayAborted,
  replayAbortedPattern,
  type ReplayEffect,
  replayPlanPattern,
  type ReplayQuestion,
  type Verdict,
  verdict,
} from '..';
import type { AuditRecord } from '../audit/audit-record';
import type { IntakeObserver } from '../intake/observer';
import type { PauseAlert } from '../intake/pause-alert';

/** A note to a person; `name` is the only field. */
export const noteV1 = (topic: string) =>
  defineMessage({
    type: 'note.v1',
    topic,
    key: (data: { name: string }) => data.name,
    schema: {
      safeParse: (input: unknown) =>
        typeof (input as { name?: unknown })?.name === 'string'
          ? { success: true as const, data: input as { name: string } }
          : {
              success: false as const,
              error: { issues: [{ path: ['name'], code: 'invalid_type', message: 'name is no text' }] },
            },
    },
  });

/** Where the audit trail of the service with this topic goes. */
export const auditTopic = (topic: string) => `${topic}.audit`;

/** What the audit trail records, unchecked. */
const auditedV1 = (topic: string) =>
  defineMessage({
    type: 'audited.v1',
    topic: auditTopic(topic),
    key: ({ aggregate }: AuditRecord) => aggregate.id,
    schema: { safeParse: (input: unknown) => ({ success: true as const, data: input as AuditRecord }) },
  });

/** Alerts go the same way, unchecked too. */
const alertedV1 = (topic: string) =>
  defineMessage({
    type: 'alerted.v1',
    topic: auditTopic(topic),
    key: ({ alertId }: PauseAlert) => alertId,
    schema: { safeParse: (input: unknown) => ({ success: true as const, data: input as PauseAlert }) },
  });

class Effects1700000009999 implements MigrationInterface {
  name = 'Effects1700000009999';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE effects (id bigint GENERATED ALWAYS AS IDENTITY, name text NOT NULL, epoch int NOT NULL)');
    await runner.query('CREATE TABLE told (id bigint GENERATED ALWAYS AS IDENTITY, letter jsonb NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE effects, told');
  }
}

export interface NoteService {
  group: string;
  topic: string;
  databaseUrl: string;
  /** See DatabaseOptions. */
  statementMaxMs: number;
  topicClass?: IntakeTopic['topic']['class'];
  observer?: IntakeObserver;
  behaviour?: (name: string) => Verdict | Promise<Verdict>;
  deadLetterBehaviour?: (letter: DeadLettered) => void;
}

/** A service with one topic of notes, whose effect is a row with the note's name and epoch. */
export function noteModule({
  group,
  topic,
  databaseUrl,
  statementMaxMs,
  topicClass = 'work',
  observer,
  ...service
}: NoteService): Type {
  @Controller()
  class NoteConsumer {
    @EventPattern<string>(topic)
    async handle(
      @Payload() { data, epoch }: Incoming<ReturnType<typeof noteV1>>,
      @Ctx() { manager }: IntakeContext,
    ): Promise<Verdict> {
      await manager.query('INSERT INTO effects (name, epoch) VALUES ($1, $2)', [data.name, epoch]);
      return service.behaviour?.(data.name) ?? verdict.done();
    }

    @EventPattern<string>(deadLetterPattern(topic))
    async handleDeadLetter(@Payload() letter: DeadLettered, @Ctx() { manager }: IntakeContext): Promise<void> {
      await manager.query('INSERT INTO told (letter) VALUES ($1)', [JSON.stringify(letter)]);
      service.deadLetterBehaviour?.(letter);
    }

    @EventPattern<string>(replayPlanPattern(topic))
    foresee(@Payload() { records }: ReplayQuestion): ReplayEffect[] {
      const names = records.map(({ data }) => (data as { name: string }).name);
      return [{ verdict: 'runs', exportId: null, runId: null, records: names.length, detail: names.join() }];
    }

    @EventPattern<string>(replayAbortedPattern(topic))
    async abort(@Payload() { epoch }: ReplayAborted, @Ctx() { manager }: IntakeContext): Promise<void> {
      await manager.query('INSERT INTO effects (name, epoch) VALUES ($1, $2)', ['aborted', epoch]);
    }
  }

  const migrations: MigrationClass[] = [...persistenceMigrations, ...messagingMigrations, Effects1700000009999];
  @Module({
    imports: [
      PersistenceModule.forRoot({ url: databaseUrl, migrations, statementMaxMs }),
      MessagingModule.forRoot({
        service: group,
        source: '/spec',
        kafka: { brokers: testBrokers(), ssl: false },
        createTopics: [],
        topicRetentionHours: 720,
        auditDays: 730,
        replayMaxRecords: 100,
        audit: auditedV1(topic),
        alert: alertedV1(topic),
        consumes: [{ topic: { name: topic, class: topicClass }, messages: [noteV1(topic)] }],
        // The broker's shortest: specs kill members and wait until the group knows.
        sessionTimeoutMs: 6_000,
        ...(observer ? { observer } : {}),
      }),
    ],
    controllers: [NoteConsumer],
  })
  class NoteModule {}
  return NoteModule;
}
