import type { Admin, Consumer } from '@courier/kafka';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { AuditTrail } from '../audit/audit-trail';
import { type ClaimResult, Claims, type ClaimStores, type TellAborted } from './claims';
import { type Command, Commands } from './commands';
import { Decisions } from './decisions';
import { decideGate, type GateAlert, type GateDecision, type GateInput } from './gate';
import { GroupOffsets } from './group-offsets';
import type { IntakeTopic } from './incoming';
import { Journal } from './journal';
import type { IntakeObserver } from './observer';
import type { PausedPartitions } from './paused-partitions';
import { type PartitionId, Positions } from './positions';

/** An open partition. It moves with the records that are taken, until the next decision takes its place. */
export interface OpenGate {
  epoch: number;
  /** Our position: what the next record has to find in PostgreSQL. */
  next: bigint;
  /** Where kafkajs reads on: above `next` only by offsets that it has seen to hold no record, such as markers of transactions. */
  readTo: bigint;
}

/** One decision about a partition, from its beginning to that of the next one. */
interface Turn {
  id: PartitionId;
  open: OpenGate | null;
  alert: GateAlert | null;
  decided: boolean;
}

type Found = { kind: 'open'; next: bigint; epoch: number } | { kind: 'pause'; alert: GateAlert };

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
  /** Nothing of the partition may be read until `onOpen`. */
  onClose(id: PartitionId): void;
  onOpen(id: PartitionId): void;
}

const RETRY_MS = 1_000;

/**
 * Decides about each assigned partition where it is read, and remembers it until the next assignment. A partition is paused while its
 * gate decides: kafkajs sends no heartbeat during a batch, so no batch may wait for a gate; and with what it had fetched by the
 * operator's commit, or had found deleted there, it could overwrite that commit.
 */
export class PartitionGates {
  private readonly logger = new Logger(PartitionGates.name);
  private readonly stores: ClaimStores;
  private readonly offsets: GroupOffsets;
  private readonly claims: Claims;
  private turns = new Map<string, Turn>();
  /** What waits for an operator in any instance, as it was a moment ago. */
  private allPaused: ReadonlyMap<string, GateAlert> = new Map();
  private keepsMetadata = true;
  private stopped = false;

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
    this.turns = new Map();
    for (const [topic, partitions] of Object.entries(assignment)) {
      for (const partition of partitions) void this.begin({ topic, partition });
    }
  }

  /** There is no assignment any more. */
  leave(): void {
    this.turns = new Map();
  }

  /** Null while the partition is paused. */
  openOf(id: PartitionId): OpenGate | null {
    return this.turns.get(key(id))?.open ?? null;
  }

  /** Decides anew, where nobody does already: a batch did not start where it should, or another owner was here. */
  again(id: PartitionId, gate: OpenGate): void {
    if (this.openOf(id) === gate) void this.begin(id);
  }

  /** Decides anew where an administrator has asked for something and the partition is ours; hears what waits in other instances. */
  async obey(): Promise<void> {
    const { dataSource, paused } = this.parts;
    for (const id of await this.stores.commands.waiting(dataSource.manager)) {
      if (this.turns.get(key(id))?.decided) await this.begin(id);
    }
    this.allPaused = await paused.all(dataSource.manager);
  }

  /** How many partitions of ours wait for an operator. */
  get pausedCount(): number {
    return [...this.turns.values()].filter(({ alert }) => alert !== null).length;
  }

  /** Partitions that nobody has decided about yet, in words. One that waits for an operator goes on waiting while it is looked at again. */
  problems(): string[] {
    return [...this.turns].flatMap(([id, { decided, alert }]) => (decided || alert !== null ? [] : `${id} is not open yet`));
  }

  /** What waits for an operator, in words; partitions of others too, as whoever asks does not know who reads what. */
  waits(): string[] {
    const turns = [...this.turns];
    const others = [...this.allPaused].filter(([id]) => !this.turns.has(id));
    return [
      ...(this.keepsMetadata ? [] : ['the broker does not keep the metadata of commits: a reset cannot be told from a crash']),
      ...turns.flatMap(([id, { alert }]) => (alert === null ? [] : pausedText(id, alert))),
      ...others.map(([id, alert]) => pausedText(id, alert)),
    ];
  }

  /** No decision acts after this. */
  stop(): void {
    this.stopped = true;
  }

  private async begin(id: PartitionId): Promise<void> {
    const turn: Turn = { id, open: null, alert: this.turns.get(key(id))?.alert ?? null, decided: false };
    this.turns.set(key(id), turn);
    this.parts.onClose(id);
    while (this.isNewest(turn) && !turn.decided) {
      try {
        await this.decide(turn);
      } catch (error) {
        if (!this.isNewest(turn)) return;
        this.logger.warn('The position of a partition could not be read yet', { ...id, err: error });
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  private async decide(turn: Turn): Promise<void> {
    const { input, command } = await this.look(turn.id);
    this.assertNewest(turn);
    const found = await this.act(turn, input, command);
    this.assertNewest(turn);
    if (found?.kind === 'pause') await this.pause(turn, found.alert);
    if (found?.kind === 'open') await this.open(turn, found);
  }

  private isNewest(turn: Turn): boolean {
    return !this.stopped && this.turns.get(key(turn.id)) === turn;
  }

  /** Before whatever a newer decision, perhaps of a later assignment, must not have overwritten: it may know more. */
  private assertNewest(turn: Turn): void {
    if (!this.isNewest(turn)) throw new Error('a newer decision has begun');
  }

  private async look(id: PartitionId): Promise<{ input: GateInput; command: Command | null }> {
    const definition = this.parts.topics.get(id.topic);
    const found = (await this.offsets.ofTopic(id.topic)).get(id.partition);
    if (found === undefined || definition === undefined) throw new Error(`${id.topic}/${id.partition} has no log`);
    const { position, unclaimed, open, replayed, command } = await this.known(id);
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

  /**
   * In one snapshot: a claim of an earlier turn that ends meanwhile moves the position, and answers the command, for all of it or for
   * none. A mixture opened the partition where the position no longer stood, and nothing was read before the next record came.
   */
  private known(id: PartitionId) {
    const { positions, decisions, commands } = this.stores;
    return this.parts.dataSource.transaction('REPEATABLE READ', async (manager) => {
      const position = await positions.find(manager, id);
      return {
        position,
        unclaimed: await decisions.findUnclaimed(manager, id),
        open: position && (await decisions.findOpen(manager, id, position.next)),
        replayed: await decisions.isReplayed(manager, id),
        command: await commands.find(manager, id),
      };
    });
  }

  /** Null when it is to be decided again. */
  private async act(turn: Turn, input: GateInput, command: Command | null): Promise<Found | null> {
    const decision = decideGate(input);
    switch (decision.kind) {
      case 'pause':
        await this.refuse(command);
        return decision;
      case 'begin':
        return this.beginAt(turn, decision.offset);
      case 'claim':
        return this.claimed(turn.id, await this.claims.finish(turn.id, decision.epoch));
      case 'move': {
        const asked = decision.obeys ? command : null;
        const result = await this.claims.move(turn.id, decision, asked, () => this.assertNewest(turn));
        if (result.kind === 'claimed' && !decision.obeys) await this.refuse(command);
        return this.claimed(turn.id, result);
      }
      case 'open':
        return this.goOn(turn, decision, { command, unclaimed: input.unclaimed });
    }
  }

  private claimed(id: PartitionId, result: ClaimResult): Found | null {
    switch (result.kind) {
      case 'overtaken':
        return null;
      case 'unsure':
        this.keepsMetadata = false;
        return {
          kind: 'pause',
          alert: {
            code: 'rewind_requested',
            detail: 'the broker does not keep the metadata of commits, so this may be a crash or an operator’s reset',
          },
        };
      case 'claimed':
        this.logger.warn('An operator’s reset was taken over', { ...id, epoch: result.epoch, offset: result.offset.toString() });
        return { kind: 'open', next: result.offset, epoch: result.epoch };
    }
  }

  private async goOn(
    turn: Turn,
    { offset, commit, alert, obeys }: Extract<GateDecision, { kind: 'open' }>,
    { command, unclaimed }: { command: Command | null; unclaimed: GateInput['unclaimed'] },
  ): Promise<Found> {
    const { id } = turn;
    const { manager } = this.parts.dataSource;
    const epoch = await this.stores.decisions.newestOf(manager, id);
    if (unclaimed !== null) await this.stores.decisions.drop(manager, id, unclaimed);
    // The claim comes before any record: an empty metadata that stays would make the next crash look like a rewind.
    if (commit) await this.commit(turn, offset, epoch);
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
    return { kind: 'open', next: offset, epoch };
  }

  private async beginAt(turn: Turn, offset: bigint): Promise<Found> {
    const { manager } = this.parts.dataSource;
    await this.stores.positions.begin(manager, turn.id, offset);
    const next = (await this.stores.positions.find(manager, turn.id))?.next ?? offset;
    await this.commit(turn, next, 0);
    return { kind: 'open', next, epoch: 0 };
  }

  private async commit(turn: Turn, offset: bigint, epoch: number): Promise<void> {
    this.assertNewest(turn);
    this.keepsMetadata = await this.offsets.commit(turn.id, offset, epoch);
  }

  private async open(turn: Turn, { next, epoch }: Extract<Found, { kind: 'open' }>): Promise<void> {
    const { id } = turn;
    await this.parts.dataSource.transaction((manager) => this.parts.paused.remove(manager, id));
    this.assertNewest(turn);
    this.parts.consumer.seek({ ...id, offset: next.toString() });
    Object.assign(turn, { open: { epoch, next, readTo: next }, alert: null, decided: true });
    this.parts.onOpen(id);
  }

  private async pause(turn: Turn, alert: GateAlert): Promise<void> {
    const { id } = turn;
    turn.alert = alert;
    this.logger.error('A partition is paused and waits for an operator', { ...id, code: alert.code });
    await this.parts.dataSource.transaction(async (manager) => {
      if (await this.parts.paused.add(manager, id, alert)) await this.stores.journal.add(manager, id, alert);
    });
    turn.decided = true;
  }

  private async refuse(command: Command | null): Promise<void> {
    if (command !== null) await this.stores.commands.answer(this.parts.dataSource.manager, command.id, 'nothing_to_do');
  }
}

function key({ topic, partition }: PartitionId): string {
  return `${topic}/${partition}`;
}

function pausedText(id: string, { code, detail }: GateAlert): string {
  return `${id} is paused (${code}): ${detail}`;
}
