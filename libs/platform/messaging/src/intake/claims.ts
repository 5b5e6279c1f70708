import type { DataSource, EntityManager } from 'typeorm';
import { epochOf } from './commit-metadata';
import type { Command, Commands } from './commands';
import type { Decision, Decisions, Why } from './decisions';
import { decideGate, type GateAlert, type GateDecision } from './gate';
import type { GroupOffsets, KafkaPartition } from './group-offsets';
import type { Journal } from './journal';
import type { IntakeObserver } from './observer';
import type { PartitionId, Positions } from './positions';
import type { ReplayAborted } from './replay-aborted';

export type Move = Extract<GateDecision, { kind: 'move' }>;

export type ClaimResult =
  | { kind: 'claimed'; offset: bigint; epoch: number }
  /** The broker did not give the metadata back, so a crash and a rewind look alike: an administrator must say which it was. */
  | { kind: 'unsure' }
  /** Another instance was here: decide again. */
  | { kind: 'overtaken' };

type Asked = Command & { partition: number };

/** Gives up what a replay has led to and nobody has begun, in the transaction that ends it. */
export type TellAborted = (topic: string, aborted: ReplayAborted, manager: EntityManager) => Promise<void>;

export interface ClaimStores {
  positions: Positions;
  decisions: Decisions;
  commands: Commands;
  journal: Journal;
}

/**
 * Moves a position in two phases, so that a crash never becomes a replay and a second rewind never disappears: write the decision;
 * commit its offset with our metadata, before any record; then mark it claimed and move the position in one transaction. Who finds
 * the operator's commit and an unclaimed decision begins again; who finds ours does the last step.
 */
export class Claims {
  constructor(
    private readonly dataSource: DataSource,
    private readonly offsets: GroupOffsets,
    private readonly stores: ClaimStores,
    private readonly observer: IntakeObserver,
    private readonly tellAborted: TellAborted,
  ) {}

  /** `assertNewest` throws when a newer decision about the partition has begun: its commit must not be overwritten. */
  async move(id: PartitionId, move: Move, command: Command | null, assertNewest: () => void): Promise<ClaimResult> {
    await this.observer.at('before the decision', id);
    const epoch = await this.dataSource.transaction((manager) => this.decide(manager, id, move, command));
    await this.observer.at('decision written', id);
    assertNewest();
    const kept = await this.offsets.commit(id, move.from, epoch);
    await this.observer.at('claim committed to Kafka', id);
    if (!kept && !move.obeys) return { kind: 'unsure' };
    return this.finish(id, epoch);
  }

  /** The second phase. */
  async finish(id: PartitionId, epoch: number): Promise<ClaimResult> {
    const claimed = await this.dataSource.transaction(async (manager) => {
      const claim = await this.stores.decisions.claim(manager, id, epoch);
      if (claim === null) return null;
      const { decision, ended } = claim;
      await this.stores.positions.move(manager, id, decision);
      if (decision.commandId === null) return decision;
      const command = await this.stores.commands.answer(manager, decision.commandId, 'done');
      if (command?.kind === 'abort') {
        for (const one of ended)
          await this.tellAborted(id.topic, { epoch: one, actor: command.actor, reason: command.reason }, manager);
      }
      return decision;
    });
    await this.observer.at('claim done', id);
    return claimed === null ? { kind: 'overtaken' } : { kind: 'claimed', offset: claimed.from, epoch };
  }

  /** The first phase, for every partition of the topic that was rewound together with this one. */
  private async decide(manager: EntityManager, id: PartitionId, move: Move, command: Command | null): Promise<number> {
    const { decisions } = this.stores;
    await decisions.lock(manager, id.topic);
    // Under the lock: what another owner has claimed meanwhile is a commit of ours by now.
    const inKafka = await this.offsets.ofTopic(id.topic);
    const known = await decisions.findUnclaimed(manager, id);
    const epoch =
      known?.kind === move.move
        ? known.epoch
        : await decisions.nextEpoch(manager, id, move.move, highestEpoch([...inKafka.values()]));
    const why = whyOf(command);
    const commandId = command?.id ?? null;
    const decision = { epoch, kind: move.move, from: move.from, to: move.to, commandId };
    await decisions.write(manager, id, decision, why);
    // Another partition's gate, or this one before a crash, may have written it and told of it.
    if (known?.epoch !== epoch || known.from !== move.from) await this.tell(manager, id, decision, { why, alert: move.alert });
    if (move.move === 'rewind') {
      const asked = command?.kind === 'replay' ? await this.stores.commands.ofRequest(manager, command.request) : null;
      await this.decideOthers(manager, id, { epoch, why, inKafka, asked });
    }
    return epoch;
  }

  /** The other partitions of the same reset or, where it was `asked` for, of the same request, so that it is one epoch. */
  private async decideOthers(
    manager: EntityManager,
    { topic, partition: own }: PartitionId,
    { epoch, why, inKafka, asked }: { epoch: number; why: Why; inKafka: Map<number, KafkaPartition>; asked: Asked[] | null },
  ): Promise<void> {
    for (const [partition, found] of inKafka) {
      const id = { topic, partition };
      const command = asked?.find((one) => one.partition === partition) ?? null;
      if (partition === own || (asked !== null && command === null)) continue;
      if ((await this.stores.decisions.findUnclaimed(manager, id)) !== null) continue;
      const position = await this.stores.positions.find(manager, id);
      const wish = { command: command?.kind ?? null, wanted: command?.offset ?? null };
      const decision = decideGate({
        ...found,
        topicClass: 'work',
        position,
        unclaimed: null,
        open: null,
        replayed: false,
        ...wish,
      });
      // What was asked for is no answer to a reset that somebody made meanwhile.
      if (decision.kind !== 'move' || decision.move !== 'rewind' || decision.obeys !== (command !== null)) continue;
      const { from, to } = decision;
      const rewind = { epoch, kind: 'rewind', from, to, commandId: command?.id ?? null } as const;
      await this.stores.decisions.write(manager, id, rewind, why);
      await this.tell(manager, id, rewind, { why, alert: decision.alert });
    }
  }

  private async tell(
    manager: EntityManager,
    id: PartitionId,
    { kind, from, to, epoch }: Decision,
    { why, alert }: { why: Why; alert: GateAlert | null },
  ): Promise<void> {
    const { journal } = this.stores;
    const detail = to === null ? `goes on at ${from}` : `records ${from} to ${to - 1n} once more`;
    await journal.add(manager, id, { code: kind, detail, epoch, actor: why.actor, reason: why.reason });
    if (alert !== null) await journal.add(manager, id, { ...alert, epoch });
  }
}

function whyOf(command: Command | null): Why {
  const { actor = null, reason = null, force = false, unfinishedOnly = false } = command ?? {};
  return { actor, reason, force, unfinishedOnly };
}

function highestEpoch(partitions: KafkaPartition[]): number {
  return Math.max(0, ...partitions.map(({ committed }) => epochOf(committed?.metadata ?? '') ?? 0));
}
