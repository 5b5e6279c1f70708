import { type Admin, type Consumer, createKafka, type Producer } from '@courier/kafka';
import { createTestDatabase, createTestTopics, randomName, TcpProxy, testBrokers, type TestDatabase } from '@courier/testing';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { connectIntake, type DeadLettered, type IntakeTopic, type Verdict, verdict } from '..';
import type { AuditRecord } from '../audit/audit-record';
import { type IntakeObserver, nobodyObserves } from '../intake/observer';
import type { PauseAlert } from '../intake/pause-alert';
import { Replays } from '../intake/replays';
import { auditTopic, noteModule, type NoteService } from './note-service';

/** One service with one work topic on the real broker and the real database, restarted at will. */
export class IntakeHarness {
  readonly topic = randomName('work');
  readonly group = randomName('service');
  readonly kafka = createKafka({ brokers: testBrokers(), ssl: false }, randomName('spec'));
  /** What the handler does after its insert; replaced by specs. */
  behaviour: (name: string) => Verdict | Promise<Verdict> = () => verdict.done();
  /** What the handler of dead letters does after its insert. */
  deadLetterBehaviour: (letter: DeadLettered) => void = () => undefined;
  /** Of the instances that are started from now on. */
  observer: IntakeObserver = nobodyObserves;
  topicClass: IntakeTopic['topic']['class'] = 'work';
  partitions = 1;
  app: INestApplication | null = null;
  /** Between the service and PostgreSQL. */
  network: TcpProxy | null = null;
  /** See DatabaseOptions. */
  statementMaxMs = 20_000;
  private database: TestDatabase | null = null;
  private dropTopics: () => Promise<void> = () => Promise.resolve();
  private readonly producer: Producer = this.kafka.producer();

  async prepare(): Promise<void> {
    this.database = await createTestDatabase();
    this.dropTopics = await createTestTopics([this.topic, `${this.topic}.dead-letters`, auditTopic(this.topic)], this.partitions);
    await this.producer.connect();
  }

  /** From the next start on the service reaches PostgreSQL through a network that can be spoilt. */
  async spoilNetwork(): Promise<TcpProxy> {
    this.network = await TcpProxy.start(Number(new URL(this.databaseUrl).port));
    return this.network;
  }

  /** PostgreSQL itself, past the spoilt network. */
  get databaseUrl(): string {
    if (this.database === null) throw new Error('the harness is not prepared');
    return this.database.url;
  }

  async start(): Promise<void> {
    this.app = await this.startInstance();
  }

  /** One more instance of the same service; the caller closes it. */
  async startInstance(): Promise<INestApplication> {
    const behaviour = (name: string) => this.behaviour(name);
    const deadLetterBehaviour = (letter: DeadLettered) => this.deadLetterBehaviour(letter);
    const module = noteModule({ ...this.service, observer: this.observer, behaviour, deadLetterBehaviour });
    const app = await NestFactory.create(module, { logger: false, abortOnError: false });
    try {
      connectIntake(app);
      await app.startAllMicroservices();
      return await app.init();
    } catch (error) {
      await app.close();
      throw error;
    }
  }

  /** What a process of its own needs to be an instance of the same service. */
  get service(): Pick<NoteService, 'group' | 'topic' | 'databaseUrl' | 'topicClass' | 'statementMaxMs'> {
    const { group, topic, topicClass, network, statementMaxMs } = this;
    const url = new URL(this.databaseUrl);
    if (network !== null) url.port = String(network.port);
    return { group, topic, topicClass, statementMaxMs, databaseUrl: url.href };
  }

  async stop(): Promise<void> {
    const { app } = this;
    this.app = null;
    await app?.close();
  }

  /** Ends everything, also when one of it cannot be ended; that is told afterwards. */
  async dispose(): Promise<void> {
    const ends = [
      () => this.stop(),
      () => this.producer.disconnect(),
      () => this.dropTopics(),
      () => this.network?.stop(),
      () => this.database?.drop(),
    ];
    const failures: unknown[] = [];
    for (const end of ends) await Promise.resolve(end()).catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, 'the harness could not end what it started');
  }

  get running(): INestApplication {
    if (this.app === null) throw new Error('the service is not running');
    return this.app;
  }

  get dataSource(): DataSource {
    return this.running.get(DataSource);
  }

  /** As the stock tool does: without metadata, and only while no member is in the group. */
  resetOffsets(...offsets: number[]): Promise<void> {
    return this.commit(
      offsets.map((offset, partition) => ({ topic: this.topic, partition, offset: String(offset), metadata: '' })),
    );
  }

  commit(offsets: { topic: string; partition: number; offset: string; metadata: string }[]): Promise<void> {
    return this.asMember((consumer) => consumer.commitOffsets(offsets));
  }

  /** Another member of the group comes and, after `meanwhile`, goes. */
  rebalance(meanwhile: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
    return this.asMember(async () => void (await meanwhile()));
  }

  private async asMember(work: (consumer: Consumer) => Promise<void>): Promise<void> {
    const consumer = this.kafka.consumer({ groupId: this.group, maxWaitTimeInMs: 100 });
    await consumer.connect();
    try {
      await consumer.subscribe({ topics: [this.topic] });
      const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
      await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: () => Promise.resolve() });
      await joined;
      await work(consumer);
    } finally {
      await consumer.disconnect();
    }
  }

  /** Deletes the records before this offset, as retention does. */
  async deleteBefore(offset: number): Promise<void> {
    await this.asAdmin(async (admin) => {
      // kafkajs finds the leader only in metadata that something else has loaded.
      await admin.fetchTopicOffsets(this.topic);
      await admin.deleteTopicRecords({ topic: this.topic, partitions: [{ partition: 0, offset: String(offset) }] });
    });
  }

  async asAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.kafka.admin();
    await admin.connect();
    return work(admin).finally(() => admin.disconnect());
  }

  async names(): Promise<string[]> {
    const rows: { name: string }[] = await this.dataSource.query('SELECT name FROM effects ORDER BY id');
    return rows.map(({ name }) => name);
  }

  /** Every effect as `name` or, in the n-th decision, `name@n`. */
  async effects(): Promise<string[]> {
    const rows: { name: string; epoch: number }[] = await this.dataSource.query('SELECT name, epoch FROM effects ORDER BY id');
    const epochs = await this.epochs();
    return rows.map(({ name, epoch }) => (epoch === 0 ? name : `${name}@${epochs.indexOf(epoch) + 1}`));
  }

  /** Whether the range of a replay was read to its end; false of none, and while the service is down. */
  async isRead(epoch: number | undefined): Promise<boolean> {
    if (epoch === undefined || this.app === null) return false;
    return this.app.get(Replays).isRead(this.dataSource.manager, this.topic, epoch);
  }

  /** The numbers of the decisions, in their order. */
  async epochs(): Promise<number[]> {
    const rows: { epoch: number }[] = await this.dataSource.query('SELECT DISTINCT epoch FROM intake_decisions ORDER BY epoch');
    return rows.map(({ epoch }) => epoch);
  }

  /** What the audit trail told its topic about this, oldest first. */
  async audited(id: string): Promise<AuditRecord[]> {
    const rows: { value: string }[] = await this.dataSource.query(
      'SELECT value FROM outbox WHERE topic = $1 AND key = $2 ORDER BY id',
      [auditTopic(this.topic), id],
    );
    return rows.map(({ value }) => JSON.parse(value) as AuditRecord);
  }

  /** What was told of pauses, oldest first: `<state> <code> <partition>`. */
  async alerted(): Promise<string[]> {
    const rows: { value: string }[] = await this.dataSource.query(
      `SELECT value FROM outbox WHERE topic = $1 AND value::jsonb ->> 'kind' = 'partition_paused' ORDER BY id`,
      [auditTopic(this.topic)],
    );
    const alerts = rows.map(({ value }) => JSON.parse(value) as PauseAlert);
    if (new Set(alerts.map(({ alertId }) => alertId)).size > 1) throw new Error('more than one alert for one pause');
    return alerts.map(({ state, reason, partition }) => `${state} ${reason.code} ${partition?.partition}`);
  }

  /** What the handler of dead letters was told and kept. */
  async told(): Promise<DeadLettered[]> {
    const rows: { letter: DeadLettered }[] = await this.dataSource.query('SELECT letter FROM told ORDER BY id');
    return rows.map(({ letter }) => letter);
  }

  /** Sends raw records; headers of a note by default. */
  async send(
    records: {
      id?: string;
      key?: string | Buffer;
      value: string | null;
      headers?: Record<string, string>;
      partition?: number;
    }[],
  ): Promise<void> {
    await this.producer.send({
      topic: this.topic,
      messages: records.map(({ id = randomName('event'), key = 'key', value, headers, partition = 0 }) => ({
        key,
        partition,
        value,
        headers: headers ?? { ce_specversion: '1.0', ce_id: id, ce_source: '/spec', ce_type: 'note.v1' },
      })),
    });
  }

  sendNotes(...names: string[]): Promise<void> {
    return this.send(names.map((name) => ({ value: JSON.stringify({ name }) })));
  }

  /** A note in a transaction of its own, whose marker leaves a gap in the offsets. */
  async sendTransaction(name: string): Promise<void> {
    const producer = this.kafka.producer({
      transactionalId: randomName('transaction'),
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    try {
      const transaction = await producer.transaction();
      const headers = { ce_specversion: '1.0', ce_id: randomName('event'), ce_source: '/spec', ce_type: 'note.v1' };
      await transaction.send({ topic: this.topic, messages: [{ key: 'key', value: JSON.stringify({ name }), headers }] });
      await transaction.commit();
    } finally {
      await producer.disconnect();
    }
  }
}
