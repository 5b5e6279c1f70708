import { type DecodedRecord, decodeRecord, type KafkaMessage } from '@courier/kafka';
import { AppError, type MessageIssue } from '@courier/kernel';
import { Logger } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import type { DataSource, EntityManager } from 'typeorm';
import { writeDeadLetter } from '../dead-letters/dead-letter';
import { canHeal, errorCode } from './healing';
import { Inbox, type InboxEntry } from './inbox';
import { type AnyIncoming, type DeadLettered, IntakeContext, type IntakeTopic } from './incoming';
import type { IntakeObserver } from './observer';
import { noteVerdict, observeRecord } from './observe-record';
import type { PartitionId, Positions } from './positions';
import type { RecordResult, RecordToTake } from './record-to-take';
import { traceIds } from '../trace-ids';
import { type Verdict, verdict } from './verdict';

export interface Dispatch {
  handle(message: AnyIncoming, context: IntakeContext): Promise<Verdict>;
  /** Does nothing where nobody wants to know. */
  deadLettered(topic: string, letter: DeadLettered, context: IntakeContext): Promise<void>;
}

type DecodedEvent = Extract<DecodedRecord, { kind: 'event' }>;

/** Why a record is put aside. */
type PutAside = Pick<Extract<Verdict, { kind: 'dead-letter' }>, 'reason' | 'detail'>;

export interface RecordToRetake extends PartitionId {
  message: KafkaMessage;
  epoch: number;
}

/** With the epoch that its offset belongs to, as the transaction of its effect sees it. */
type EpochRecord = RecordToTake & { epoch: number };

export interface RecordIntakeParts {
  positions: Positions;
  topics: ReadonlyMap<string, IntakeTopic>;
  dispatch: Dispatch;
  observer: IntakeObserver;
}

/** A record on its way to its handler. */
interface HandledRecord extends RecordToRetake {
  /** An error that cannot heal ends it. */
  isLastTry: boolean;
}

/** What the newest tries of a partition's next record came to. */
interface Failure {
  id: PartitionId;
  offset: string;
  /** The partition's position at the newest try. The record may lie above it: compaction and transaction markers leave gaps. */
  seen: bigint;
  tries: number;
  reason: string;
}

const HANDLER_TRIES_MAX = 5;
const RETRY_MS = { first: 250, longest: 15_000 };

/** Rolls the record's transaction back and carries the result out of it. */
class Abandon extends Error {
  constructor(readonly result: RecordResult) {
    super('the transaction of this record is rolled back');
  }
}

/** Takes one record in: inbox row, the handler's changes, outbox rows and position in one transaction (invariant 1). */
export class RecordIntake {
  private readonly logger = new Logger(RecordIntake.name);
  private readonly inbox: Inbox;
  private readonly failures = new Map<string, Failure>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly consumer: string,
    private readonly parts: RecordIntakeParts,
  ) {
    this.inbox = new Inbox(consumer);
  }

  /** Never throws: an error becomes a retry, and after `HANDLER_TRIES_MAX` tries of one that cannot heal a dead letter. */
  async take(record: RecordToTake): Promise<RecordResult> {
    try {
      return await observeRecord(record, this.consumer, () => this.attempt(record));
    } catch (error) {
      return this.retryLater(record, errorCode(error));
    }
  }

  /** Records that are tried again and again, in words: their partitions stand still where `standsAt` says so. */
  waits(standsAt: (id: PartitionId, seen: bigint) => boolean): string[] {
    return [...this.failures.values()]
      .filter(({ tries, id, seen }) => tries >= HANDLER_TRIES_MAX && standsAt(id, seen))
      .map(
        ({ id, offset, tries, reason }) => `${partitionKey(id)} tries offset ${offset} again, ${tries} times so far (${reason})`,
      );
  }

  private async attempt(record: RecordToTake): Promise<RecordResult> {
    try {
      return await this.moveWith(record, (manager, taken) => this.effect(manager, taken));
    } catch (error) {
      if (error instanceof Abandon) return error.result;
      if (!canHeal(error) && this.isLastTry(record)) return this.giveUp(record, errorCode(error));
      return this.retryLater(record, errorCode(error));
    }
  }

  /** What fails around the handler, the inbox row for one, must not hold the partition either: only the note about the record is kept. */
  private async giveUp(record: RecordToTake, detail: string): Promise<RecordResult> {
    const putAside: PutAside = { reason: 'handler_failed', detail };
    try {
      return await this.moveWith(record, async (manager, taken) => {
        const decoded = decodeRecord(record.message.headers, record.message.value);
        const handled = { ...taken, isLastTry: true };
        const told = decoded.kind === 'event' ? await this.tellDeadLetter(manager, handled, decoded, putAside) : putAside;
        await this.deadLetter(manager, taken, told);
      });
    } catch (error) {
      return error instanceof Abandon ? error.result : this.retryLater(record, errorCode(error));
    }
  }

  /** The position and the effect, in one transaction. */
  private async moveWith(
    record: RecordToTake,
    effect: (manager: EntityManager, record: EpochRecord) => Promise<void>,
  ): Promise<RecordResult> {
    const offset = BigInt(record.message.offset);
    await this.inTransaction(async (manager) => {
      const moved = await this.parts.positions.advance(manager, record, { seen: record.seen, offset });
      if (moved === null) throw new Abandon({ kind: 'zombie' });
      await effect(manager, { ...record, epoch: moved.epoch });
      await this.parts.observer.at('record taken, not committed', record);
    });
    this.failures.delete(partitionKey(record));
    await this.parts.observer.at('record taken', record);
    return { kind: 'moved', next: offset + 1n };
  }

  /** What fails before the first statement says nothing about the record; TypeORM throws it as the driver did. */
  private async inTransaction(work: (manager: EntityManager) => Promise<void>): Promise<void> {
    let hasBegun = false;
    try {
      await this.dataSource.transaction((manager) => {
        hasBegun = true;
        return work(manager);
      });
    } catch (error) {
      if (hasBegun) throw error;
      throw new AppError('database_away', 'no transaction could begin', { retryable: true, cause: error });
    }
  }

  private retryLater(record: RecordToTake, reason: string): RecordResult {
    const { tries } = this.countFailure(record, reason);
    return { kind: 'retry', afterMs: Math.min(RETRY_MS.first * 2 ** Math.min(tries - 1, 8), RETRY_MS.longest), reason };
  }

  /**
   * Takes the record of a dead letter in again, in the caller's transaction and without moving the position. The inbox knows the event
   * as put aside and lets it in once more; one that was used meanwhile is skipped as `known`.
   */
  async retake(manager: EntityManager, record: RecordToRetake): Promise<Verdict> {
    const topic = this.topicOf(record);
    const decoded = decodeRecord(record.message.headers, record.message.value);
    if (decoded.kind !== 'event') return verdict.deadLetter(decoded.kind, decoded.detail);
    const entry = topic.topic.class === 'state' ? null : entryOf(record, decoded);
    if (entry !== null && !(await this.inbox.reopen(manager, entry))) return verdict.skip('known');
    const decision = await this.decide(manager, { ...record, isLastTry: true }, topic, decoded);
    await this.remember(manager, entry, decision);
    return decision;
  }

  private topicOf({ topic }: PartitionId): IntakeTopic {
    const found = this.parts.topics.get(topic);
    if (found === undefined) throw new AppError('topic_not_subscribed', `no handler for ${topic}`);
    return found;
  }

  private async effect(manager: EntityManager, record: EpochRecord): Promise<void> {
    const topic = this.topicOf(record);
    const isState = topic.topic.class === 'state';
    // The tombstone of a removed aggregate: the `removed` record before it said everything.
    if (isState && record.message.value === null) return;

    const decoded = decodeRecord(record.message.headers, record.message.value);
    if (decoded.kind !== 'event') {
      return this.deadLetter(manager, record, { reason: decoded.kind, detail: decoded.detail });
    }
    const entry = isState ? null : entryOf(record, decoded);
    if (entry !== null && !(await this.inbox.enter(manager, entry))) return noteVerdict('duplicate');

    const handled = { ...record, isLastTry: this.isLastTry(record) };
    const decision = await this.decide(manager, handled, topic, decoded);
    if (decision.kind === 'retry') {
      throw new Abandon({ kind: 'retry', afterMs: decision.afterMs, reason: decision.reason });
    }
    noteVerdict(decision.kind);
    await this.remember(manager, entry, decision);
    if (decision.kind === 'dead-letter') {
      await this.deadLetter(manager, record, await this.tellDeadLetter(manager, handled, decoded, decision));
    }
  }

  private async remember(manager: EntityManager, entry: InboxEntry | null, decision: Verdict): Promise<void> {
    if (entry === null) return;
    if (decision.kind === 'skip') await this.inbox.setDisposition(manager, entry, 'skipped', decision.reason);
    if (decision.kind !== 'dead-letter') return;
    await this.inbox.setDisposition(manager, entry, 'dead_lettered', `${decision.reason}: ${decision.detail}`);
  }

  private async decide(manager: EntityManager, record: HandledRecord, topic: IntakeTopic, event: DecodedEvent): Promise<Verdict> {
    const { type } = event.attributes;
    const definition = topic.messages.find((message) => message.type === type);
    if (definition === undefined) return verdict.deadLetter('unknown_type', `${nameOrStar(type)} is not known here`);
    const parsed = definition.schema.safeParse(event.data);
    if (!parsed.success) return verdict.deadLetter('invalid_message', whatIsInvalid(parsed.error.issues));
    trace.getActiveSpan()?.setAttributes(traceIds(parsed.data));
    const incoming: AnyIncoming = {
      ...event.attributes,
      type: definition.type,
      key: record.message.key?.toString('utf8') ?? null,
      topic: record.topic,
      partition: record.partition,
      offset: record.message.offset,
      epoch: record.epoch,
      data: parsed.data,
    };
    return this.guarded(manager, record, incoming);
  }

  /** Nothing of a handler that failed for good or asked for a dead letter stays: its changes lie behind a savepoint. */
  private async guarded(manager: EntityManager, record: HandledRecord, incoming: AnyIncoming): Promise<Verdict> {
    await manager.query('SAVEPOINT handler');
    try {
      const decision = await this.parts.dispatch.handle(incoming, new IntakeContext(manager));
      if (decision.kind === 'dead-letter') await manager.query('ROLLBACK TO SAVEPOINT handler');
      return decision;
    } catch (error) {
      if (canHeal(error) || !record.isLastTry) throw error;
      await manager.query('ROLLBACK TO SAVEPOINT handler');
      return verdict.deadLetter('handler_failed', errorCode(error));
    }
  }

  /** What its handler does is part of the record's effect; where that fails for good, the note says so and the record ends all the same. */
  private async tellDeadLetter(
    manager: EntityManager,
    record: HandledRecord,
    { attributes, data }: DecodedEvent,
    { reason, detail }: PutAside,
  ): Promise<PutAside> {
    await manager.query('SAVEPOINT dead_letter');
    try {
      const letter = { type: attributes.type, data, epoch: record.epoch, reason, detail };
      await this.parts.dispatch.deadLettered(record.topic, letter, new IntakeContext(manager));
      return { reason, detail };
    } catch (error) {
      if (canHeal(error) || !record.isLastTry) throw error;
      await manager.query('ROLLBACK TO SAVEPOINT dead_letter');
      return { reason, detail: `${detail}; telling it failed: ${errorCode(error)}` };
    }
  }

  private async deadLetter(manager: EntityManager, record: EpochRecord, { reason, detail }: PutAside): Promise<void> {
    noteVerdict('dead-letter');
    const { topic, partition, message, epoch } = record;
    const facts = { topic, partition, offset: message.offset, epoch, reason };
    this.logger.warn('A record is put aside; ops dead-letters shows why and takes it up again', facts);
    await writeDeadLetter(manager, { ...record, consumer: this.consumer, reason, detail });
  }

  private isLastTry(record: RecordToTake): boolean {
    return this.triesOf(record) + 1 >= HANDLER_TRIES_MAX;
  }

  private triesOf(record: RecordToTake): number {
    const found = this.failures.get(partitionKey(record));
    return found?.offset === record.message.offset ? found.tries : 0;
  }

  private countFailure(record: RecordToTake, reason: string): Failure {
    const { topic, partition, message, seen } = record;
    const failure = { id: { topic, partition }, offset: message.offset, seen, tries: this.triesOf(record) + 1, reason };
    this.failures.set(partitionKey(record), failure);
    return failure;
  }
}

function partitionKey({ topic, partition }: PartitionId): string {
  return `${topic}/${partition}`;
}

function entryOf(record: RecordToRetake, { attributes }: DecodedEvent): InboxEntry {
  return { ...record, offset: record.message.offset, attributes };
}

/** Paths and codes. A name that came with the record may be a value: only what looks like one of a schema is repeated. */
function whatIsInvalid(issues: readonly MessageIssue[]): string {
  const told = issues.slice(0, 10).map(({ path, code }) => {
    return `${path.map((step) => nameOrStar(String(step))).join('.') || '(root)'} ${code ?? 'invalid'}`;
  });
  return told.join(', ');
}

function nameOrStar(text: string): string {
  return /^[\w.-]{1,60}$/.test(text) ? text : '*';
}
