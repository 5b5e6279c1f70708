import { nextVersion } from '@courier/kernel';
import type { EntityManager } from 'typeorm';
import type { MoveKind } from './gate';
import type { PartitionId } from './positions';

export interface Decision {
  epoch: number;
  kind: MoveKind;
  from: bigint;
  /** Of a rewind: where its epoch ends. */
  to: bigint | null;
  /** What an administrator asked for, answered by the claim. */
  commandId: string | null;
}

export type Why = { actor: string | null; reason: string | null; force: boolean; unfinishedOnly: boolean };

interface Row {
  epoch: number;
  kind: MoveKind;
  from_offset: string;
  to_offset: string | null;
  command_id: string | null;
}

const PARTITION = 'consumer = $1 AND topic = $2 AND partition = $3';
const COLUMNS = 'epoch, kind, from_offset, to_offset, command_id';
const OPEN = `kind = 'rewind' AND claimed_at IS NOT NULL AND closed_at IS NULL`;

/** Decisions that move a position otherwise than by a record. The claimed and unclosed rewinds are the open epochs. */
export class Decisions {
  constructor(private readonly consumer: string) {}

  /** One decision at a time for a topic, until the transaction ends: its number counts for all partitions. */
  async lock(manager: EntityManager, topic: string): Promise<void> {
    await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`decide ${this.consumer} ${topic}`]);
  }

  async findUnclaimed(manager: EntityManager, { topic, partition }: PartitionId): Promise<Decision | null> {
    const rows: Row[] = await manager.query(`SELECT ${COLUMNS} FROM intake_decisions WHERE ${PARTITION} AND claimed_at IS NULL`, [
      this.consumer,
      topic,
      partition,
    ]);
    return rows[0] ? toDecision(rows[0]) : null;
  }

  /** The epoch of a record at this offset; null outside every replay. */
  async findOpen(manager: EntityManager, { topic, partition }: PartitionId, offset: bigint): Promise<Decision | null> {
    const rows: Row[] = await manager.query(
      `SELECT ${COLUMNS} FROM intake_decisions
       WHERE ${PARTITION} AND ${OPEN} AND from_offset <= $4 AND to_offset > $4 ORDER BY epoch DESC LIMIT 1`,
      [this.consumer, topic, partition, offset.toString()],
    );
    return rows[0] ? toDecision(rows[0]) : null;
  }

  /** Whether there is a replay of the partition that nobody has ended, read or not. */
  async isReplayed(manager: EntityManager, { topic, partition }: PartitionId): Promise<boolean> {
    const sql = `SELECT 1 FROM intake_decisions WHERE ${PARTITION} AND ${OPEN} LIMIT 1`;
    return ((await manager.query(sql, [this.consumer, topic, partition])) as unknown[]).length > 0;
  }

  /** The partition's newest decision; 0 before the first. */
  async newestOf(manager: EntityManager, { topic, partition }: PartitionId): Promise<number> {
    const rows: { newest: number | null }[] = await manager.query(
      `SELECT max(epoch) AS newest FROM intake_decisions WHERE ${PARTITION} AND claimed_at IS NOT NULL`,
      [this.consumer, topic, partition],
    );
    return rows[0]?.newest ?? 0;
  }

  /**
   * The number of the next decision. Partitions that were rewound together and are not claimed yet share theirs, so that one reset is
   * one epoch. `committed`: the highest number that Kafka's commits carry. A restored database has forgotten numbers, and a reset wipes
   * those of the commits; what is derived from a number must not be there already, so it is a version like those of published states, by
   * PostgreSQL's clock: the instances' may differ.
   */
  async nextEpoch(manager: EntityManager, { topic, partition }: PartitionId, kind: MoveKind, committed: number): Promise<number> {
    const rows: { newest: number | null; shared: number | null; now: Date }[] = await manager.query(
      `SELECT max(epoch) AS newest, max(epoch) FILTER (WHERE kind = 'rewind' AND claimed_at IS NULL AND NOT EXISTS (
          SELECT 1 FROM intake_decisions AS own
          WHERE own.consumer = $1 AND own.topic = $2 AND own.partition = $3 AND own.epoch = other.epoch
        )) AS shared, clock_timestamp() AS now
       FROM intake_decisions AS other WHERE consumer = $1 AND topic = $2`,
      [this.consumer, topic, partition],
    );
    // An aggregate has its row also where it counts nothing.
    const [{ newest, shared, now }] = rows as [(typeof rows)[number]];
    return (kind === 'rewind' ? shared : null) ?? nextVersion(Math.max(newest ?? 0, committed), now);
  }

  /** Writes the first phase; an unclaimed decision of the partition makes room for it. */
  async write(manager: EntityManager, id: PartitionId, decision: Decision, why: Why): Promise<void> {
    await manager.query(`DELETE FROM intake_decisions WHERE ${PARTITION} AND claimed_at IS NULL`, [
      this.consumer,
      id.topic,
      id.partition,
    ]);
    await manager.query(
      `INSERT INTO intake_decisions
         (consumer, topic, partition, epoch, kind, from_offset, to_offset, actor, reason, force, unfinished_only, command_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        this.consumer,
        id.topic,
        id.partition,
        decision.epoch,
        decision.kind,
        decision.from.toString(),
        decision.to?.toString() ?? null,
        why.actor,
        why.reason,
        why.force,
        why.unfinishedOnly,
        decision.commandId,
      ],
    );
  }

  /** Drops a decision that was not claimed and does not hold any more; another owner's newer one stays. */
  async drop(
    manager: EntityManager,
    { topic, partition }: PartitionId,
    { epoch, from }: Pick<Decision, 'epoch' | 'from'>,
  ): Promise<void> {
    await manager.query(
      `DELETE FROM intake_decisions WHERE ${PARTITION} AND claimed_at IS NULL AND epoch = $4 AND from_offset = $5`,
      [this.consumer, topic, partition, epoch, from.toString()],
    );
  }

  /** The second phase, with the position in the same transaction, and the epochs that it ends. Null when another instance was faster. */
  async claim(
    manager: EntityManager,
    { topic, partition }: PartitionId,
    epoch: number,
  ): Promise<{ decision: Decision; ended: number[] } | null> {
    const [rows]: [Row[], number] = await manager.query(
      `UPDATE intake_decisions SET claimed_at = now()
       WHERE ${PARTITION} AND epoch = $4 AND claimed_at IS NULL RETURNING ${COLUMNS}`,
      [this.consumer, topic, partition, epoch],
    );
    if (rows[0] === undefined) return null;
    const decision = toDecision(rows[0]);
    // What another replay had still before it belongs to this one; a topic that was made anew has other offsets altogether.
    const from = decision.kind === 'rewind' ? decision.from : 0n;
    const [ended]: [{ epoch: number }[], number] = await manager.query(
      `UPDATE intake_decisions SET closed_at = now() WHERE ${PARTITION} AND ${OPEN} AND epoch <> $4 AND to_offset > $5
       RETURNING epoch`,
      [this.consumer, topic, partition, epoch, from.toString()],
    );
    return { decision, ended: ended.map((row) => row.epoch) };
  }
}

function toDecision(row: Row): Decision {
  return {
    epoch: row.epoch,
    kind: row.kind,
    from: BigInt(row.from_offset),
    to: row.to_offset === null ? null : BigInt(row.to_offset),
    commandId: row.command_id,
  };
}
