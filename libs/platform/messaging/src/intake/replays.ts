import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { MESSAGING_OPTIONS, type MessagingOptions } from '../messaging-options';

/** An operator's rewind of a topic. Who and why are unknown where it was not announced. */
export interface Replay {
  epoch: number;
  actor: string | null;
  reason: string | null;
  /** Also what is older than the newest that was delivered. */
  force: boolean;
  /** Only what has not ended well. */
  unfinishedOnly: boolean;
}

/** What handlers and workers ask about the epoch of a record (`Incoming.epoch`). */
@Injectable()
export class Replays {
  constructor(@Inject(MESSAGING_OPTIONS) private readonly options: Pick<MessagingOptions, 'service'>) {}

  /** Null for an epoch that this database does not know. */
  async find(manager: EntityManager, topic: string, epoch: number): Promise<Replay | null> {
    const rows: (Omit<Replay, 'unfinishedOnly'> & { unfinished_only: boolean })[] = await manager.query(
      `SELECT epoch, actor, reason, force, unfinished_only FROM intake_decisions
       WHERE consumer = $1 AND topic = $2 AND epoch = $3 AND kind = 'rewind' ORDER BY actor NULLS LAST LIMIT 1`,
      [this.options.service, topic, epoch],
    );
    const row = rows[0];
    if (row === undefined) return null;
    const { actor, reason, force, unfinished_only: unfinishedOnly } = row;
    return { epoch, actor, reason, force, unfinishedOnly };
  }

  /**
   * Whether every partition has read the epoch's range, or has left it. What no owner has claimed yet is not read; an epoch that
   * nobody knows is over.
   */
  async isRead(manager: EntityManager, topic: string, epoch: number): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `SELECT 1 FROM intake_decisions AS epochs
       LEFT JOIN intake_positions AS positions USING (consumer, topic, partition)
       WHERE consumer = $1 AND topic = $2 AND epochs.epoch = $3 AND kind = 'rewind' AND closed_at IS NULL
         AND (claimed_at IS NULL OR positions.next_offset < to_offset)
       LIMIT 1`,
      [this.options.service, topic, epoch],
    );
    return rows.length === 0;
  }
}
