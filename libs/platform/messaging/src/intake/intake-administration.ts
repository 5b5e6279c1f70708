import type { Actor } from '@courier/http';
import { newId } from '@courier/kernel';
import type { Once } from '@courier/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail';
import { MESSAGING_OPTIONS, type MessagingOptions } from '../messaging-options';
import { type CommandAnswer, Commands, type ReplayWish } from './commands';
import type { GateCommand } from './gate';
import { Journal } from './journal';
import { KafkaIntake } from './kafka-intake';
import type { PartitionId } from './positions';

export interface PartitionStatus extends PartitionId {
  position: number;
  highest: number;
  /** Grows when a topic that was made anew is adopted. */
  generation: number;
  paused: { code: string; detail: string; since: string } | null;
}

export interface EpochStatus extends PartitionId {
  epoch: number;
  from: number;
  to: number;
  /** Where its reading stands. */
  position: number;
  state: 'unclaimed' | 'reading' | 'read' | 'closed';
  actor: string | null;
  reason: string | null;
  decidedAt: string;
}

export interface JournalLine extends PartitionId {
  code: string;
  detail: string;
  epoch: number | null;
  actor: string | null;
  reason: string | null;
  at: string;
}

export interface ReplayPlan {
  topic: string;
  /** Those with something to read once more. */
  partitions: { partition: number; from: number; to: number; records: number }[];
  records: number;
  recordsMax: number;
  needsApproval: boolean;
}

export interface IntakeStatus {
  consumer: string;
  partitions: PartitionStatus[];
  /** Newest first. */
  epochs: EpochStatus[];
  /** Newest first. */
  journal: JournalLine[];
}

/** Of a command that is no replay. */
const usual = { force: false, unfinishedOnly: false };

const EPOCHS_MAX = 100;
const JOURNAL_MAX = 100;
const ANSWER_WAIT_MS = 10_000;
const ANSWER_POLL_MS = 100;

/** What administrators see of the intake and may ask of it, through any instance of the service. */
@Injectable()
export class IntakeAdministration {
  private readonly consumer: string;
  private readonly commands: Commands;
  private readonly journal: Journal;

  constructor(
    @Inject(MESSAGING_OPTIONS) private readonly options: MessagingOptions,
    private readonly dataSource: DataSource,
    private readonly intake: KafkaIntake,
    private readonly audit: AuditTrail,
  ) {
    this.consumer = options.service;
    this.commands = new Commands(options.service, audit);
    this.journal = new Journal(options.service);
  }

  async status(): Promise<IntakeStatus> {
    const [partitions, epochs, journal] = await Promise.all([this.partitions(), this.epochs(), this.lines()]);
    return { consumer: this.consumer, partitions, epochs, journal };
  }

  /** Hands it to the partition's owner and waits a while for his answer; null when there was none, but it stays asked. */
  async command(
    id: PartitionId,
    command: { kind: Exclude<GateCommand, 'replay'>; by: Actor; reason: string },
    once: Once,
  ): Promise<{ answer: CommandAnswer | null }> {
    const { manager } = this.dataSource;
    const asked = { ...command, offset: null, request: newId(), ...usual };
    const given =
      once.earlier ??
      (await this.dataSource.transaction(async (transaction) => {
        const asking = await this.commands.give(transaction, id, asked);
        await once.record(transaction, asking);
        return asking;
      }));
    const deadlineMs = performance.now() + ANSWER_WAIT_MS;
    for (;;) {
      const answer = await this.commands.answerOf(manager, given);
      if (answer !== null || performance.now() > deadlineMs) return { answer };
      await new Promise((resolve) => setTimeout(resolve, ANSWER_POLL_MS));
    }
  }

  /** What a reset of the group to this time (null: to the log's start) would read once more; null for a topic without replays. */
  async planReplay(topic: string, since: Date | null): Promise<ReplayPlan | null> {
    const consumed = this.options.consumes.find((one) => one.topic.name === topic);
    if (consumed?.topic.class !== 'work') return null;
    const [range, positions] = await Promise.all([this.intake.rangeFrom(topic, since), this.partitions()]);
    const partitions = positions
      .filter((one) => one.topic === topic)
      .flatMap(({ partition, position, highest }) => {
        const found = range.get(partition);
        if (found === undefined) return [];
        const from = Number(found.from < found.logStart ? found.logStart : found.from);
        return from < position ? [{ partition, from, to: highest, records: highest - from }] : [];
      });
    const records = partitions.reduce((sum, one) => sum + one.records, 0);
    const recordsMax = this.options.replayMaxRecords;
    return { topic, partitions, records, recordsMax, needsApproval: records > recordsMax };
  }

  /** Lets the owners read the plan's range once more, without a stop. They do it one after the other; see the status. */
  async startReplay(plan: ReplayPlan, { by, ...how }: Omit<ReplayWish, 'actor'> & { by: Actor }, once: Once): Promise<void> {
    const request = newId();
    const { reason } = how;
    const aggregate = { type: 'topic', id: plan.topic };
    const related = plan.partitions.map(({ partition }) => ({ type: 'partition', id: `${plan.topic}/${partition}` }));
    await this.dataSource.transaction(async (manager) => {
      // The plan itself: computed again once its reading has begun, it would be another.
      await once.record(manager, JSON.stringify(plan));
      if (related.length > 0) await this.audit.record(manager, by, { action: 'replay.started', aggregate, reason, related });
      for (const { partition, from } of plan.partitions) {
        const id = { topic: plan.topic, partition };
        await this.commands.give(manager, id, { kind: 'replay', by, ...how, offset: BigInt(from), request });
        const detail = `records from ${from} on are wanted once more`;
        await this.journal.add(manager, id, { code: 'replay', detail, actor: by.sub, reason });
      }
    });
  }

  /** The plan that an earlier request with the same Idempotency-Key started; null where a version before has kept no plan, but an id. */
  startedReplay(reference: string): ReplayPlan | null {
    return reference.startsWith('{') ? (JSON.parse(reference) as ReplayPlan) : null;
  }

  async knows({ topic, partition }: PartitionId): Promise<boolean> {
    return (await this.partitions()).some((one) => one.topic === topic && one.partition === partition);
  }

  private partitions(): Promise<PartitionStatus[]> {
    return this.dataSource.query(
      `SELECT topic, partition, next_offset::float8 AS position, highest_offset::float8 AS highest, generation,
         CASE WHEN paused.code IS NULL THEN NULL
           ELSE jsonb_build_object('code', paused.code, 'detail', paused.detail, 'since', paused.since) END AS paused
       FROM intake_positions LEFT JOIN intake_pauses AS paused USING (consumer, topic, partition)
       WHERE consumer = $1 ORDER BY topic, partition`,
      [this.consumer],
    );
  }

  private epochs(): Promise<EpochStatus[]> {
    return this.dataSource.query(
      `SELECT topic, partition, epoch, from_offset::float8 AS "from", to_offset::float8 AS "to",
         least(greatest(next_offset, from_offset), to_offset)::float8 AS position, actor, reason, decided_at AS "decidedAt",
         CASE WHEN claimed_at IS NULL THEN 'unclaimed' WHEN closed_at IS NOT NULL THEN 'closed'
           WHEN next_offset >= to_offset THEN 'read' ELSE 'reading' END AS state
       FROM intake_decisions JOIN intake_positions USING (consumer, topic, partition)
       WHERE consumer = $1 AND kind = 'rewind' ORDER BY epoch DESC, topic, partition LIMIT ${EPOCHS_MAX}`,
      [this.consumer],
    );
  }

  private lines(): Promise<JournalLine[]> {
    return this.dataSource.query(
      `SELECT topic, partition, code, detail, epoch, actor, reason, at FROM intake_journal
       WHERE consumer = $1 ORDER BY id DESC LIMIT ${JOURNAL_MAX}`,
      [this.consumer],
    );
  }
}
