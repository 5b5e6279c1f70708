import type { EntityManager } from 'typeorm';
import type { MoveKind } from './gate';

export interface Position {
  next: bigint;
  highest: bigint;
}

export interface PartitionId {
  topic: string;
  partition: number;
}

const PARTITION = 'consumer = $1 AND topic = $2 AND partition = $3';

/** Where each consumer stands, in the same database as the effects of the records. */
export class Positions {
  constructor(private readonly consumer: string) {}

  async find(manager: EntityManager, { topic, partition }: PartitionId): Promise<Position | null> {
    const rows: { next_offset: string; highest_offset: string }[] = await manager.query(
      `SELECT next_offset, highest_offset FROM intake_positions WHERE ${PARTITION}`,
      [this.consumer, topic, partition],
    );
    const row = rows[0];
    return row ? { next: BigInt(row.next_offset), highest: BigInt(row.highest_offset) } : null;
  }

  /** The first position of a partition; one that is there already stays as it is. */
  async begin(manager: EntityManager, { topic, partition }: PartitionId, offset: bigint): Promise<void> {
    await manager.query(
      `INSERT INTO intake_positions (consumer, topic, partition, next_offset, highest_offset)
       VALUES ($1, $2, $3, $4, $4) ON CONFLICT DO NOTHING`,
      [this.consumer, topic, partition, offset.toString()],
    );
  }

  /**
   * Moves from `seen` to `next`, and tells the epoch of the record at `offset`: 0 outside every replay. Null when the position is no
   * longer what this owner last saw, so another owner has been here.
   */
  async advance(
    manager: EntityManager,
    { topic, partition }: PartitionId,
    move: { seen: bigint; offset: bigint },
  ): Promise<{ epoch: number } | null> {
    const [rows]: [{ epoch: number }[], number] = await manager.query(
      `UPDATE intake_positions AS moved
       SET next_offset = $5::bigint + 1, highest_offset = greatest(highest_offset, $5::bigint + 1), updated_at = now()
       WHERE ${PARTITION} AND next_offset = $4
       RETURNING coalesce((
         SELECT max(epoch) FROM intake_decisions AS epochs
         WHERE epochs.consumer = moved.consumer AND epochs.topic = moved.topic AND epochs.partition = moved.partition
           AND kind = 'rewind' AND claimed_at IS NOT NULL AND closed_at IS NULL AND from_offset <= $5 AND to_offset > $5
       ), 0) AS epoch`,
      [this.consumer, topic, partition, move.seen.toString(), move.offset.toString()],
    );
    return rows[0] ?? null;
  }

  /** Over offsets that hold no record, and only inside a replay: somebody waits for its end. True when the position moved. */
  async passGap(
    manager: EntityManager,
    { topic, partition }: PartitionId,
    move: { seen: bigint; next: bigint },
  ): Promise<boolean> {
    const [, count]: [unknown, number] = await manager.query(
      `UPDATE intake_positions AS moved
       SET next_offset = $5, highest_offset = greatest(highest_offset, $5), updated_at = now()
       WHERE ${PARTITION} AND next_offset = $4 AND EXISTS (
         SELECT 1 FROM intake_decisions AS epochs
         WHERE epochs.consumer = moved.consumer AND epochs.topic = moved.topic AND epochs.partition = moved.partition
           AND kind = 'rewind' AND claimed_at IS NOT NULL AND closed_at IS NULL AND from_offset <= $4 AND to_offset > $4)`,
      [this.consumer, topic, partition, move.seen.toString(), move.next.toString()],
    );
    return count === 1;
  }

  /** By a claimed decision, in its transaction. A topic that was made anew begins another generation: its offsets are others. */
  async move(
    manager: EntityManager,
    { topic, partition }: PartitionId,
    { kind, from }: { kind: MoveKind; from: bigint },
  ): Promise<void> {
    const highest = kind === 'adopt' ? '$4' : 'greatest(highest_offset, $4)';
    const generation = kind === 'adopt' ? 'generation + 1' : 'generation';
    await manager.query(
      `UPDATE intake_positions
       SET next_offset = $4, highest_offset = ${highest}, generation = ${generation}, updated_at = now() WHERE ${PARTITION}`,
      [this.consumer, topic, partition, from.toString()],
    );
  }
}
