import type { StagedObjectRef } from '@courier/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BatchRecord } from '../../domain/batch';

@Entity('batches')
export class BatchEntity implements BatchRecord {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'run_id' })
  runId!: string;

  @Column('int')
  attempt!: number;

  @Column('int')
  number!: number;

  @Column('text')
  operation!: 'upsert' | 'remove';

  @Column('int')
  rows!: number;

  @Column('int')
  bytes!: number;

  @Column('text')
  status!: BatchRecord['status'];

  @Column('jsonb', { nullable: true })
  object!: StagedObjectRef | null;

  @Column('int')
  accepted!: number;

  @Column('int')
  rejected!: number;

  @Column('int')
  unconfirmed!: number;

  @Column('int', { name: 'not_attempted' })
  notAttempted!: number;

  @Column('jsonb', { name: 'rejected_reasons' })
  rejectedReasons!: Record<string, number>;

  @Column('jsonb', { nullable: true })
  results!: StagedObjectRef | null;

  @Column('text', { name: 'job_ids', array: true })
  jobIds!: string[];

  @Column('int')
  attempts!: number;

  @Column('jsonb', { nullable: true })
  error!: { code: string; detail: string } | null;
}
