import { type Admin, type Consumer, KafkaJSProtocolError } from '@courier/kafka';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { AuditTrail } from '../audit/audit-trail';
import { Claims, type ClaimStores, type TellAborted } from './claims';
import { type Command, Commands } from './commands';
import { Decisions } from './decisions';
import { decideGate, type GateAlert, type GateDecision, type GateInput } from './gate';
import { GroupOffsets } from './group-offsets';
import type { IntakeTopic } from './incoming';
import { Journal } from './journal';
import type { IntakeObserver } from './observer';
import type { PausedPartitions } from './paused-partitions';
import { type PartitionId, Positions } from './positions';

export type Gate = { kind: 'open'; next: bigint; epoch: number } | { kind: 'paused'; alert: GateAlert };

export interface GateParts {
  group: string;
  admin: Admin;
  consumer: Consumer;
  dataSource: DataSource;
  audit: AuditTrail;
  paused: PausedPartitions;
  topics: ReadonlyMap<string, IntakeTopic>;
  observer: IntakeObserver;
  offsets?: GroupOffsets;
  tellAborted: TellAborted;
  /** The partition may be read again. */
  onOpen(id: PartitionId): void;
}

const RETRY_MS = 1_000;

/** Opens or closes each assigned partition by the gate's decision, and remembers the state until the next assignment. */
export class PartitionGates {
  private readonly logger = new Logger(PartitionGates.name);
  private readonly stores: ClaimStores;
  private readonly offsets: GroupOffsets;
  private readonly claims: Claims;
  private gates = new Map<string, Promise<Gate>>();
  private readonly alerts = new Map<string, GateAlert>();
  private readonly deciding = new Set<string>();
  private keepsMetadata = true;
  private assignment = 0;

  constructor(private readonly parts: GateParts) {
    const { group, admin, consumer, dataSource, audit, observer } = parts;
    this.stores = {
      positions: new Positions(group),
      decisions: new Decisions(group),
      commands: new Commands(group, audit),
      journal: new Journal(group),
    };
    this.offsets = parts.offsets ?? new GroupOffsets(group, admin, consumer);
    this.claims = new Claims(dataSource, this.offsets, this.stores, observer, parts.tellAborted);
  }

  /** Starts the gate of every assigned partition: idle ones must show their state too. */
  assign(assignment: Record<string, number[]>): void {
    this.assignment += 1;
    this.gates = new Map();
    this.alerts.clear();
    for (const [topic, partitions] of Object.entries(assignment)) {
      for (const partition of partitions) void this.of({ topic, partition });
    }
  }

  /** The partition's gate; waits for its decision. */
  of(id: PartitionId): Promise<Gate> {
    return this.gates.get(key(id)) ?? this.begin(id, null);
  }

  /**
   * Decides anew: a batch did not start where it should, or another owner was here. `readFrom` is where kafkajs reads now: a position
   * below it is no reason to go back, because transaction markers and compaction leave gaps.
   */
  again(id: PartitionId, readFrom: bigint | null = null): Promise<Gate> {
    return this.begin(id, readFrom);
  }

  /** Decides anew where an administrator has asked for something and the partition is ours. */
  async obey(): Promise<void> {
    for (const id of await this.stores.commands.waiting(this.parts.dataSource.manager)) {
      if (this.gates.has(key(id)) && !this.deciding.has(key(id))) await this.again(id);
    }
  }

  moved(id: PartitionId, next: bigint, epoch: number): void {
    this.gates.set(key(id), Promise.resolve({ kind: 'open', next, epoch }));
  }

  /** How many partitions of ours wait for an operator. */
  get pausedCount(): number {
    return this.alerts.size;
  }

  /** What waits for an operator, in words. */
  problems(): string[] {
    return [
      ...(this.keepsMetadata ? [] : ['the broker does not keep the metadata of commits: a reset cannot be told from a crash']),
      ...[...this.alerts].map(([id, alert]) => `${id} is paused (${alert.code}): ${alert.detail}`),
      ...[...this.deciding].map((id) => `${id} is not open yet`),
    ];
  }

  stop(): void {
    this.assignment += 1;
  }

  private begin(id: PartitionId, readFrom: bigint | null): Promise<Gate> {
    const name = key(id);
    const gate = this.decide(id, this.assignment, readFrom).finally(() => this.deciding.delete(name));
    this.deciding.add(name);
    // A decision that a rebalance overtook fails with nobody left to wait for it; that must not end the process.
    gate.catch(() => undefined);
    this.gates.set(name, gate);
    return gate;
  }

  private async decide(id: PartitionId, assignment: number, readFrom: bigint | null): Promise<Gate> {
    for (;;) {
      try {
        const { input, command } = await this.look(id);
        const gate = await this.act(id, decideGate(input), { readFrom, command });
        if (gate !== null) return gate;
      } catch (error) {
        if (assignment !== this.assignment || mustRejoin(error)) throw error;
        this.logger.warn('The position of a partition could not be read yet', { ...id, err: error });
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  private async look(id: PartitionId): Promise<{ input: GateInput; command: Command | null }> {
    const { manager } = this.parts.dataSource;
    const definition = this.parts.topics.get(id.topic);
    const found = (await this.offsets.ofTopic(id.topic)).get(id.partition);
    if (found === undefined || definition === undefined) throw new Error(`${id.topic}/${id.partition} has no log`);
    const position = await this.stores.positions.find(manager, id);
    const unclaimed = await this.stores.decisions.findUnclaimed(manager, id);
    const open = position && (await this.stores.decisions.findOpen(manager, id, position.next));
    const replayed = await this.stores.decisions.isReplayed(manager, id);
    const command = await this.stores.commands.find(manager, id);
    const input: GateInput = {
      ...found,
      topicClass: definition.topic.class,
      position,
      unclaimed,
      open: open && open.to !== null ? { epoch: open.epoch, to: open.to } : null,
      replayed,
      command: command?.kind ?? null,
      wanted: command?.offset ?? null,
    };
    return { input, command };
  }

  /** Null when it is to be decided again. */
  private async act(
    id: PartitionId,
    decision: GateDecision,
    { readFrom, command }: { readFrom: bigint | null; command: Command | null },
  ): Promise<Gate | null> {
    switch (decision.kind) {
      case 'pause':
        await this.refuse(command);
        return this.pause(id, decision.alert);
      case 'begin':
        return this.beginAt(id, decision.offset);
      case 'claim':
        return this.move(id, () => this.claims.finish(id, decision.epoch));
      case 'move':
        return this.move(id, async () => {
          const result = await this.claims.move(id, decision, decision.obeys ? command : null);
          if (result.kind === 'claimed' && !decision.obeys) await this.refuse(command);
          return result;
        });
      case 'open':
        return this.open(id, decision, { readFrom, command });
    }
  }

  private async move(id: PartitionId, claim: () => ReturnType<Claims['move']>): Promise<Gate | null> {
    const result = await claim();
    switch (result.kind) {
      case 'overtaken':
        return null;
      case 'unsure':
        this.keepsMetadata = false;
        return this.pause(id, {
          code: 'rewind_requested',
          detail: 'the broker does not keep the metadata of commits, so this may be a crash or an operator’s reset',
        });
      case 'claimed':
        this.logger.warn('An operator’s reset was taken over', { ...id, epoch: result.epoch, offset: result.offset.toString() });
        return this.opened(id, result.offset, { epoch: result.epoch, seek: true });
    }
  }

  private async open(
    id: PartitionId,
    { offset, commit, alert, obeys }: Extract<GateDecision, { kind: 'open' }>,
    { readFrom, command }: { readFrom: bigint | null; command: Command | null },
  ): Promise<Gate> {
    const { manager } = this.parts.dataSource;
    const epoch = await this.stores.decisions.newestOf(manager, id);
    await this.stores.decisions.drop(manager, id);
    // The claim comes before any record: an empty metadata that stays would make the next crash look like a rewind.
    if (commit) this.keepsMetadata = await this.offsets.commit(id, offset, epoch);
    if (alert !== null) {
      this.logger.warn('The committed offset did not match the position', { ...id, code: alert.code });
      await this.stores.journal.add(manager, id, alert);
    }
    if (command !== null && obeys) {
      const { kind: code, actor, reason } = command;
      await this.parts.dataSource.transaction(async (transaction) => {
        await this.stores.commands.answer(transaction, command.id, 'done');
        await this.stores.journal.add(transaction, id, { code, detail: `goes on at ${offset}`, actor, reason });
      });
    } else await this.refuse(command);
    return this.opened(id, offset, { epoch, seek: readFrom === null || offset > readFrom });
  }

  private async beginAt(id: PartitionId, offset: bigint): Promise<Gate> {
    const { manager } = this.parts.dataSource;
    await this.stores.positions.begin(manager, id, offset);
    const next = (await this.stores.positions.find(manager, id))?.next ?? offset;
    this.keepsMetadata = await this.offsets.commit(id, next, 0);
    return this.opened(id, next, { epoch: 0, seek: true });
  }

  private async opened(id: PartitionId, next: bigint, { epoch, seek }: { epoch: number; seek: boolean }): Promise<Gate> {
    this.alerts.delete(key(id));
    await this.parts.dataSource.transaction((manager) => this.parts.paused.remove(manager, id));
    if (seek) this.parts.consumer.seek({ ...id, offset: next.toString() });
    this.parts.onOpen(id);
    return { kind: 'open', next, epoch };
  }

  private async pause(id: PartitionId, alert: GateAlert): Promise<Gate> {
    this.alerts.set(key(id), alert);
    this.logger.error('A partition is paused and waits for an operator', { ...id, code: alert.code });
    await this.parts.dataSource.transaction(async (manager) => {
      if (await this.parts.paused.add(manager, id, alert)) await this.stores.journal.add(manager, id, alert);
    });
    return { kind: 'paused', alert };
  }

  private async refuse(command: Command | null): Promise<void> {
    if (command !== null) await this.stores.commands.answer(this.parts.dataSource.manager, command.id, 'nothing_to_do');
  }
}

/** Errors that only a new assignment heals: the caller hands them to kafkajs, which rejoins. */
function mustRejoin(error: unknown): boolean {
  return (
    error instanceof KafkaJSProtocolError &&
    ['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS'].includes(error.type)
  );
}

function key({ topic, partition }: PartitionId): string {
  return `${topic}/${partition}`;
}
