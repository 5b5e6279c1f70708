import type { Mapping, RunCounts, RunReason, RunStatus, RunWarning, StagedObjectRef } from '@courier/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AwaitedJob, RunKind, RunPhase, RunRecord, RunReplay, RunSnapshot, RunTrigger } from '../../domain/run';

@Entity('runs')
export class RunEntity implements RunRecord {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'export_id' })
  exportId!: string;

  @Column('uuid', { name: 'connection_id' })
  connectionId!: string;

  @Column('text', { name: 'list_id' })
  listId!: string;

  @Column('text')
  kind!: RunKind;

  @Column('text')
  trigger!: RunTrigger;

  @Column('text')
  status!: RunStatus;

  @Column('text')
  phase!: RunPhase;

  @Column('jsonb', { nullable: true })
  reason!: RunReason | null;

  @Column('jsonb')
  counts!: RunCounts;

  @Column('jsonb', { name: 'invalid_reasons' })
  invalidReasons!: Record<string, number>;

  @Column('jsonb', { name: 'rejected_reasons' })
  rejectedReasons!: Record<string, number>;

  @Column('jsonb')
  warnings!: RunWarning[];

  @Column('jsonb', { nullable: true })
  waiting!: { reason: string; since: string; until: string | null } | null;

  @Column('jsonb', { name: 'awaited_job', nullable: true })
  awaitedJob!: AwaitedJob | null;

  @Column('jsonb')
  snapshots!: RunSnapshot[];

  @Column('jsonb')
  mapping!: Mapping;

  @Column('text', { name: 'account_id', nullable: true })
  accountId!: string | null;

  @Column('jsonb', { nullable: true })
  ledger!: StagedObjectRef | null;

  @Column('boolean', { name: 'without_ledger' })
  withoutLedger!: boolean;

  @Column('int')
  attempt!: number;

  @Column('jsonb', { nullable: true })
  plan!: StagedObjectRef | null;

  @Column('jsonb', { name: 'invalid_rows', nullable: true })
  invalidRows!: StagedObjectRef | null;

  @Column('boolean')
  staged!: boolean;

  @Column('int', { name: 'batches_total' })
  batchesTotal!: number;

  @Column('int', { name: 'batches_finished' })
  batchesFinished!: number;

  /** Drawn by the database. */
  @Column({ type: 'bigint', insert: false, update: false })
  sequence!: string;

  @Column({ type: 'bigint', nullable: true })
  age!: string | null;

  @Column('jsonb', { name: 'stop_reason', nullable: true })
  stopReason!: RunReason | null;

  @Column('text', { name: 'started_by', nullable: true })
  startedBy!: string | null;

  @Column('uuid', { name: 'replay_of', nullable: true })
  replayOf!: string | null;

  @Column('jsonb', { nullable: true })
  replay!: RunReplay | null;

  @Column('uuid', { nullable: true })
  resends!: string | null;

  @Column('text', { nullable: true })
  traceparent!: string | null;

  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;
}
