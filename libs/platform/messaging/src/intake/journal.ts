import type { EntityManager } from 'typeorm';
import type { PartitionId } from './positions';

export interface JournalEntry {
  code: string;
  detail: string;
  epoch?: number;
  actor?: string | null;
  reason?: string | null;
}

/** What happened to positions, and who asked for it. */
export class Journal {
  constructor(private readonly consumer: string) {}

  async add(manager: EntityManager, { topic, partition }: PartitionId, entry: JournalEntry): Promise<void> {
    await manager.query(
      `INSERT INTO intake_journal (consumer, topic, partition, code, detail, epoch, actor, reason)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [this.consumer, topic, partition, entry.code, entry.detail, entry.epoch ?? null, entry.actor ?? null, entry.reason ?? null],
    );
  }
}
