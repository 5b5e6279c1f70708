import type { Actor } from '@courier/http';
import { newId } from '@courier/kernel';
import { notify } from '@courier/persistence';
import type { EntityManager } from 'typeorm';
import type { AuditTrail } from '../audit/audit-trail';
import type { GateCommand } from './gate';
import type { PartitionId } from './positions';

/** Wakes the owner of the partition. */
export const INTAKE_CHANNEL = 'intake';

/** Who wants a replay, why and how. */
export interface ReplayWish {
  actor: string;
  reason: string;
  /** Also what is older than the newest that was delivered. */
  force: boolean;
  /** Only what has not ended well. */
  unfinishedOnly: boolean;
}

export interface Command extends ReplayWish {
  id: string;
  kind: GateCommand;
  /** Of `replay`: where it is to begin. */
  offset: bigint | null;
  /** Commands that belong together have the same. */
  request: string;
}

interface Row {
  id: string;
  partition: number;
  kind: GateCommand;
  actor: string;
  reason: string;
  force: boolean;
  unfinished_only: boolean;
  wanted_offset: string | null;
  request: string;
}

interface AnsweredRow extends Row {
  topic: string;
  asked_by: Actor | null;
}

const COLUMNS = 'id, partition, kind, actor, reason, force, unfinished_only, wanted_offset, request';

export type CommandAnswer = 'done' | 'nothing_to_do';

/** What the audit trail says when it is done; a replay is recorded as a whole, when it is asked for. */
const actions: Record<Exclude<GateCommand, 'replay'>, string> = {
  skip: 'replay.skip_approved',
  rewind: 'replay.approved',
  adopt: 'replay.adopted',
  abort: 'replay.aborted',
};

/** What administrators ask of a partition's owner, whichever instance that is. The owner's gate decides again with it. */
export class Commands {
  constructor(
    private readonly consumer: string,
    private readonly audit: AuditTrail,
  ) {}

  async give(
    manager: EntityManager,
    { topic, partition }: PartitionId,
    { kind, by, reason, force, unfinishedOnly, offset, request }: Omit<Command, 'id' | 'actor'> & { by: Actor },
  ): Promise<string> {
    const id = newId();
    const wish = [by.sub, JSON.stringify(by), reason, force, unfinishedOnly];
    await manager.query(
      `INSERT INTO intake_commands
         (id, consumer, topic, partition, kind, actor, asked_by, reason, force, unfinished_only, wanted_offset, request)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [id, this.consumer, topic, partition, kind, ...wish, offset?.toString() ?? null, request],
    );
    await notify(manager, INTAKE_CHANNEL);
    return id;
  }

  /** Oldest first. */
  async find(manager: EntityManager, { topic, partition }: PartitionId): Promise<Command | null> {
    const rows: Row[] = await manager.query(
      `SELECT ${COLUMNS} FROM intake_commands
       WHERE consumer = $1 AND topic = $2 AND partition = $3 AND done_at IS NULL ORDER BY created_at, id LIMIT 1`,
      [this.consumer, topic, partition],
    );
    return rows[0] ? toCommand(rows[0]) : null;
  }

  /** Unanswered. */
  async ofRequest(manager: EntityManager, request: string): Promise<(Command & { partition: number })[]> {
    const rows: Row[] = await manager.query(`SELECT ${COLUMNS} FROM intake_commands WHERE request = $1 AND done_at IS NULL`, [
      request,
    ]);
    return rows.map((row) => ({ ...toCommand(row), partition: row.partition }));
  }

  /** Partitions with a command that nobody has answered. */
  async waiting(manager: EntityManager): Promise<PartitionId[]> {
    return manager.query('SELECT DISTINCT topic, partition FROM intake_commands WHERE consumer = $1 AND done_at IS NULL', [
      this.consumer,
    ]);
  }

  /** Null when it was answered before. What is done is recorded in the name of who asked: call it in the transaction that does it. */
  async answer(manager: EntityManager, id: string, answer: CommandAnswer): Promise<Command | null> {
    const [rows]: [AnsweredRow[], number] = await manager.query(
      `UPDATE intake_commands SET done_at = now(), answer = $2 WHERE id = $1 AND done_at IS NULL
       RETURNING ${COLUMNS}, topic, asked_by`,
      [id, answer],
    );
    const [row] = rows;
    if (row === undefined) return null;
    const { topic, partition, kind, reason, asked_by: by } = row;
    if (answer === 'done' && kind !== 'replay' && by !== null) {
      const aggregate = { type: 'partition', id: `${topic}/${partition}` };
      await this.audit.record(manager, by, { action: actions[kind], aggregate, reason });
    }
    return toCommand(row);
  }

  /** Null until it was answered. */
  async answerOf(manager: EntityManager, id: string): Promise<CommandAnswer | null> {
    const rows: { answer: CommandAnswer | null }[] = await manager.query('SELECT answer FROM intake_commands WHERE id = $1', [
      id,
    ]);
    return rows[0]?.answer ?? null;
  }
}

function toCommand({ wanted_offset: offset, unfinished_only: unfinishedOnly, ...row }: Row): Command {
  const { id, kind, actor, reason, force, request } = row;
  return { id, kind, actor, reason, force, unfinishedOnly, request, offset: offset === null ? null : BigInt(offset) };
}
