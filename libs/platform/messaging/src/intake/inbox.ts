import type { CloudEventAttributes } from '@courier/kafka';
import type { EntityManager } from 'typeorm';

export interface InboxEntry {
  topic: string;
  partition: number;
  offset: string;
  epoch: number;
  attributes: CloudEventAttributes;
}

export type Disposition = 'done' | 'skipped' | 'dead_lettered';

/** Remembers every event that was consumed, so that its second delivery has no second effect. */
export class Inbox {
  constructor(private readonly consumer: string) {}

  /** False when the event was consumed before (in this epoch). Waits for another transaction that is just taking it in. */
  async enter(manager: EntityManager, entry: InboxEntry): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `INSERT INTO inbox (consumer, topic, source, event_id, epoch, type, partition, record_offset, disposition)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'done') ON CONFLICT DO NOTHING RETURNING 1`,
      this.row(entry),
    );
    return rows.length === 1;
  }

  /** For the record of a dead letter that is taken in again: false when the event was used meanwhile. */
  async reopen(manager: EntityManager, entry: InboxEntry): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `INSERT INTO inbox (consumer, topic, source, event_id, epoch, type, partition, record_offset, disposition)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'done')
       ON CONFLICT (consumer, topic, source, event_id, epoch) DO UPDATE SET disposition = 'done', reason = NULL
       WHERE inbox.disposition = 'dead_lettered' RETURNING 1`,
      this.row(entry),
    );
    return rows.length === 1;
  }

  private row({ topic, attributes, epoch, partition, offset }: InboxEntry): unknown[] {
    return [this.consumer, topic, attributes.source, attributes.id, epoch, attributes.type, partition, offset];
  }

  async setDisposition(manager: EntityManager, entry: InboxEntry, disposition: Disposition, reason: string): Promise<void> {
    await manager.query(
      `UPDATE inbox SET disposition = $6, reason = $7
       WHERE consumer = $1 AND topic = $2 AND source = $3 AND event_id = $4 AND epoch = $5`,
      [this.consumer, entry.topic, entry.attributes.source, entry.attributes.id, entry.epoch, disposition, reason],
    );
  }
}
