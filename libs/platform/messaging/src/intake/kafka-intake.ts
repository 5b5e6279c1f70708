import {
  type Admin,
  type Batch,
  type Consumer,
  createKafka,
  createTopics,
  type EachBatchPayload,
  KafkaJSError,
} from '@courier/kafka';
import { Notifications, WorkLoop } from '@courier/persistence';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { from, isObservable, lastValueFrom } from 'rxjs';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail';
import { kafkaLog } from '../kafka-log';
import { MESSAGING_OPTIONS, type MessagingOptions } from '../messaging-options';
import { Outbox } from '../outbox/outbox';
import { commitMetadata } from './commit-metadata';
import { INTAKE_CHANNEL } from './commands';
import { deadLetterPattern, IntakeContext, type IntakeTopic } from './incoming';
import { type IntakeObserver, nobodyObserves } from './observer';
import { type OpenGate, PartitionGates } from './partition-gates';
import { PausedPartitions } from './paused-partitions';
import { Pauses } from './pauses';
import { type PartitionId, Positions } from './positions';
import { type Dispatch, RecordIntake, type RecordToRetake } from './record-intake';
import { replayAbortedPattern } from './replay-aborted';
import { type ReplayEffect, replayPlanPattern, type ReplayQuestion } from './replay-effect';
import { type Verdict, verdict } from './verdict';

/** A fetch of which no record is left for the handler; kafkajs knows no first offset where compaction took them all. */
type EmptyFetch = PartitionId & { firstOffset: string | null; lastOffset: string };

const SESSION_MS = 20_000;
/** A command is looked for when it is given; this is for one whose notification was lost. */
const COMMANDS_POLL_MS = 2_000;
const BATCH_AGAIN_MS = 1_000;

/**
 * Kafka behind Nest's transport interface: one consumer for all topics of the service, offsets moved by PostgreSQL and committed to
 * Kafka only for lag displays and operators. Nothing a handler does can stop it: whatever a record causes becomes a verdict.
 */
@Injectable()
export class KafkaIntake extends Server implements CustomTransportStrategy {
  protected override readonly logger = new Logger(KafkaIntake.name);
  private readonly topics: ReadonlyMap<string, IntakeTopic>;
  private readonly positions: Positions;
  private readonly records: RecordIntake;
  private readonly pauses: Pauses;
  private readonly consumer: Consumer;
  private readonly admin: Admin;
  private readonly gates: PartitionGates;
  private readonly observer: IntakeObserver;
  /** Looks for what administrators ask. */
  private readonly commands: WorkLoop;
  private stopListening: () => void = () => undefined;
  private joined = false;
  private closing = false;

  constructor(
    @Inject(MESSAGING_OPTIONS) private readonly options: MessagingOptions,
    private readonly dataSource: DataSource,
    private readonly notifications: Notifications,
    audit: AuditTrail,
    outbox: Outbox,
  ) {
    super();
    this.observer = options.observer ?? nobodyObserves;
    this.topics = new Map(options.consumes.map((consumed) => [consumed.topic.name, consumed]));
    this.positions = new Positions(options.service);
    this.records = new RecordIntake(dataSource, options.service, {
      positions: this.positions,
      topics: this.topics,
      dispatch: this.dispatch,
      observer: this.observer,
    });
    const kafka = createKafka(options.kafka, options.service, { log: kafkaLog });
    this.admin = kafka.admin();
    this.consumer = kafka.consumer({
      groupId: options.service,
      maxWaitTimeInMs: 250,
      sessionTimeout: options.sessionTimeoutMs ?? SESSION_MS,
      // An instance that joins waits until the others hear of it at their next heartbeat.
      heartbeatInterval: 1_000,
      rebalanceTimeout: 30_000,
      maxBytesPerPartition: 1_048_576,
      maxBytes: 8_388_608,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 200, retries: 5, restartOnFailure: () => Promise.resolve(true) },
    });
    this.pauses = new Pauses(this.consumer);
    this.gates = new PartitionGates({
      group: options.service,
      admin: this.admin,
      consumer: this.consumer,
      dataSource,
      audit,
      paused: new PausedPartitions(options.service, outbox, options.alert),
      topics: this.topics,
      observer: this.observer,
      tellAborted: async (topic, aborted, manager) => {
        const handler = this.getHandlerByPattern(replayAbortedPattern(topic));
        if (handler !== null) await answerOf(handler(aborted, new IntakeContext(manager)));
      },
      onClose: (id) => this.pauses.add(id, 'gate'),
      onOpen: (id) => this.pauses.remove(id, 'gate'),
    });
    this.commands = new WorkLoop({
      name: 'intake commands',
      pollMs: COMMANDS_POLL_MS,
      work: () => this.gates.obey().then(() => 'idle'),
      onError: (error) => this.logger.warn('The commands for the intake could not be read yet', { err: error }),
    });
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      await this.start();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  async close(): Promise<void> {
    this.closing = true;
    this.stopListening();
    this.gates.stop();
    await this.commands.stop();
    this.pauses.close();
    await this.consumer.disconnect();
    await this.admin.disconnect();
  }

  on(): never {
    throw new Error('the intake has no events');
  }

  unwrap<T>(): T {
    return this.consumer as T;
  }

  /** Takes the record of a dead letter in again, in the caller's transaction. */
  retake(manager: EntityManager, record: RecordToRetake): Promise<Verdict> {
    return this.records.retake(manager, record);
  }

  /** What the topic's handler says that a replay would do. */
  async foresee(topic: string, question: ReplayQuestion, manager: EntityManager): Promise<ReplayEffect[]> {
    const handler = this.getHandlerByPattern(replayPlanPattern(topic));
    return handler === null ? [] : ((await answerOf(handler(question, new IntakeContext(manager)))) as ReplayEffect[]);
  }

  /** What keeps the intake from reading, in words; empty when all is well. */
  problems(): string[] {
    return this.joined ? this.gates.problems() : ['the consumer has not joined its group yet'];
  }

  /** What waits for an operator, or for a record that is tried again and again, while everything else is read, in words. */
  waits(): string[] {
    const standsAt = (id: PartitionId, seen: bigint) => this.gates.openOf(id)?.next === seen;
    return [...this.gates.waits(), ...this.records.waits(standsAt)];
  }

  /** Partitions of this instance that are paused, by reason. */
  pausedPartitions(): Record<'retry' | 'gate', number> {
    return { retry: this.pauses.count('retry'), gate: this.gates.pausedCount };
  }

  /** By partition: the log, the commits, and the first offset at or after a time (the log's end when there is none). */
  async rangeFrom(topic: string, since: Date | null): Promise<Map<number, { logStart: bigint; logEnd: bigint; from: bigint }>> {
    const ends = await this.admin.fetchTopicOffsets(topic);
    const found = since === null ? [] : await this.admin.fetchTopicOffsetsByTimestamp(topic, since.getTime());
    const starts = new Map(found.map(({ partition, offset }) => [partition, BigInt(offset)]));
    return new Map(
      ends.map(({ partition, low, high }) => {
        const at = starts.get(partition) ?? (since === null ? BigInt(low) : BigInt(high));
        return [partition, { logStart: BigInt(low), logEnd: BigInt(high), from: at < 0n ? BigInt(high) : at }];
      }),
    );
  }

  /** Where the logs of our topics end, by `topic/partition`; of a topic that Kafka does not tell in time, nothing. */
  async logEnds(maxMs: number): Promise<Map<string, bigint>> {
    if (!this.joined) return new Map();
    const late = new Promise<never[]>((resolve) => setTimeout(() => resolve([]), maxMs).unref());
    const ends = [...this.topics.keys()].map(async (topic) => {
      const offsets = await Promise.race([this.admin.fetchTopicOffsets(topic).catch(() => []), late]);
      return offsets.map(({ partition, high }) => [`${topic}/${partition}`, BigInt(high)] as const);
    });
    return new Map((await Promise.all(ends)).flat());
  }

  private async start(): Promise<void> {
    const { events } = this.consumer;
    // kafkajs fetches nothing before this has returned, so not before every partition is paused.
    this.consumer.on(events.GROUP_JOIN, ({ payload }) => {
      this.pauses.forget();
      this.joined = true;
      this.gates.assign(payload.memberAssignment);
    });
    // Before a crash is told of, which takes a while: from now on the consumer throws where it is paused, resumed or sent elsewhere.
    this.consumer.on(events.STOP, () => {
      this.joined = false;
      this.pauses.forget();
      this.gates.leave();
    });
    this.consumer.on(events.CRASH, ({ payload }) => {
      if (payload.restart || this.closing) return;
      this.logger.error('The Kafka consumer cannot go on; the process ends so that a new one starts', { err: payload.error });
      process.exit(1);
    });
    // A fetch that brings nothing but markers of transactions is no batch.
    this.consumer.on(events.END_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize === 0) this.passEmpty(payload);
    });
    await this.admin.connect();
    await this.createTopics();
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...this.topics.keys()], fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 3,
      eachBatch: (payload) => this.eachBatch(payload),
    });
    this.stopListening = await this.notifications.listen(INTAKE_CHANNEL, () => this.commands.wake());
    this.commands.start();
  }

  private async createTopics(): Promise<void> {
    const existing = new Set(await this.admin.listTopics());
    const missing = this.options.createTopics.filter(({ topic }) => !existing.has(topic));
    if (missing.length === 0) return;
    await createTopics(
      this.admin,
      missing.map(({ topic, numPartitions, config }) => ({
        topic,
        numPartitions,
        configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
      })),
    );
  }

  /** Only Kafka's own failures may reach kafkajs, which heals them: any other ends the consumer, and with it the process. */
  private async eachBatch(payload: EachBatchPayload): Promise<void> {
    try {
      await this.readBatch(payload);
    } catch (error) {
      if (error instanceof KafkaJSError) throw error;
      const { topic, partition } = payload.batch;
      this.logger.warn('A batch could not be read to its end and is read again', { topic, partition, err: error });
      this.pauses.retryLater({ topic, partition }, BATCH_AGAIN_MS);
    }
  }

  private async readBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, heartbeat, isRunning, isStale, resolveOffset } = payload;
    const id: PartitionId = { topic: batch.topic, partition: batch.partition };
    const gate = this.startOf(payload, id);
    if (gate === null) return;
    const isOurs = (): boolean => !isStale() && this.gates.openOf(id) === gate;
    for (const message of batch.messages) {
      if (!isRunning() || !isOurs()) break;
      const result = await this.records.take({ ...id, message, seen: gate.next });
      if (result.kind === 'zombie') {
        this.gates.again(id, gate);
        return;
      }
      if (result.kind === 'retry') {
        this.logger.warn('A record is tried again later', { ...id, offset: message.offset, code: result.reason });
        this.pauses.retryLater(id, result.afterMs);
        break;
      }
      gate.next = result.next;
      gate.readTo = message === batch.messages.at(-1) ? BigInt(batch.lastOffset()) + 1n : result.next;
      resolveOffset(message.offset);
      await heartbeat();
    }
    if (!isOurs()) return;
    await this.passGap(id, gate);
    await this.commit(payload, gate);
    await this.observer.at('offset committed to Kafka', id);
  }

  /** In a replay somebody waits for the end of its range, even where it holds no record. */
  private async passGap(id: PartitionId, gate: OpenGate): Promise<void> {
    const { next: seen, readTo: next } = gate;
    if (seen < next && (await this.positions.passGap(this.dataSource.manager, id, { seen, next }))) gate.next = next;
  }

  private passEmpty({ topic, partition, firstOffset, lastOffset }: EmptyFetch): void {
    const gate = this.gates.openOf({ topic, partition });
    if (gate === null || BigInt(firstOffset ?? lastOffset) !== gate.readTo) return;
    gate.readTo = BigInt(lastOffset) + 1n;
    void this.passGap({ topic, partition }, gate).catch(() => undefined);
  }

  /** Null when this batch is not the next one of an open partition: it is read again from where it belongs. */
  private startOf({ batch, isStale }: EachBatchPayload, id: PartitionId): OpenGate | null {
    const gate = this.gates.openOf(id);
    if (gate === null || isStale()) return null;
    if (fetchedOffset(batch) === gate.readTo) return gate;
    this.gates.again(id, gate);
    return null;
  }

  private async commit({ batch, commitOffsetsIfNecessary }: EachBatchPayload, { next, epoch }: OpenGate): Promise<void> {
    const partition = { partition: batch.partition, offset: next.toString(), metadata: commitMetadata(epoch) };
    await commitOffsetsIfNecessary({ topics: [{ topic: batch.topic, partitions: [partition] }] });
  }

  private readonly dispatch: Dispatch = {
    handle: async (message, context) => {
      const handler = this.getHandlerByPattern(message.topic);
      if (handler === null) return verdict.deadLetter('handler_failed', `no handler for ${message.topic}`);
      return (await answerOf(handler(message, context))) as Verdict;
    },
    deadLettered: async (topic, letter, context) => {
      const handler = this.getHandlerByPattern(deadLetterPattern(topic));
      if (handler !== null) await answerOf(handler(letter, context));
    },
  };
}

/** Nest wraps what a handler gives back, at times in an Observable. */
async function answerOf(handled: Promise<unknown>): Promise<unknown> {
  const answer = await handled;
  return isObservable(answer) ? lastValueFrom(from(answer)) : answer;
}

/** Where the fetch began, which is not where the first record lies when transaction markers or compaction left a gap. */
function fetchedOffset(batch: Batch): bigint {
  return BigInt((batch as Batch & { fetchedOffset: string }).fetchedOffset);
}
