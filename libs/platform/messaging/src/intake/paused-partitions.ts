import { derivedId, type MessageDefinition } from '@courier/kernel';
import { notify } from '@courier/persistence';
import type { EntityManager } from 'typeorm';
import type { Outbox } from '../outbox/outbox';
import { INTAKE_CHANNEL } from './commands';
import type { GateAlert } from './gate';
import type { PauseAlert } from './pause-alert';
import type { PartitionId } from './positions';

interface PauseRow {
  code: string;
  detail: string;
  since: Date;
}

const REMEDY =
  'Decide by the case of this code in docs/runbook.md: move the group back, or let it go on with ops replay approve or adopt.';

/** The pauses that wait for an administrator, for everybody who asks any instance; each is told when it begins and when it ends. */
export class PausedPartitions {
  constructor(
    private readonly consumer: string,
    private readonly outbox: Outbox,
    private readonly message: MessageDefinition<PauseAlert>,
  ) {}

  /** By `topic/partition`, of all instances. */
  async all(manager: EntityManager): Promise<Map<string, GateAlert>> {
    const rows: { place: string; code: GateAlert['code']; detail: string }[] = await manager.query(
      `SELECT topic || '/' || partition AS place, code, detail FROM intake_pauses WHERE consumer = $1 ORDER BY topic, partition`,
      [this.consumer],
    );
    return new Map(rows.map(({ place, ...alert }) => [place, alert]));
  }

  /** True when it was not paused for this before. Inside a transaction. */
  async add(manager: EntityManager, id: PartitionId, { code, detail }: GateAlert): Promise<boolean> {
    const rows: PauseRow[] = await manager.query(
      `INSERT INTO intake_pauses AS paused (consumer, topic, partition, code, detail) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (consumer, topic, partition)
         DO UPDATE SET code = excluded.code, detail = excluded.detail WHERE paused.code <> excluded.code
       RETURNING code, detail, since`,
      [this.consumer, id.topic, id.partition, code, detail],
    );
    for (const row of rows) await this.tell(manager, id, 'raised', row);
    return rows.length === 1;
  }

  /** Inside a transaction. */
  async remove(manager: EntityManager, id: PartitionId): Promise<void> {
    const [rows]: [PauseRow[], number] = await manager.query(
      'DELETE FROM intake_pauses WHERE consumer = $1 AND topic = $2 AND partition = $3 RETURNING code, detail, since',
      [this.consumer, id.topic, id.partition],
    );
    for (const row of rows) await this.tell(manager, id, 'cleared', row);
  }

  private async tell(
    manager: EntityManager,
    { topic, partition }: PartitionId,
    state: PauseAlert['state'],
    { code, detail, since }: PauseRow,
  ): Promise<void> {
    // The other instances say so too.
    await notify(manager, INTAKE_CHANNEL);
    await this.outbox.append<PauseAlert>(manager, this.message, {
      alertId: derivedId('paused partition', this.consumer, topic, partition, since.toISOString()),
      kind: 'partition_paused',
      state,
      partition: { service: this.consumer, topic, partition },
      reason: { code, detail, remedy: REMEDY },
      exportId: null,
      connectionId: null,
      runId: null,
      changedAt: new Date().toISOString(),
    });
  }
}
