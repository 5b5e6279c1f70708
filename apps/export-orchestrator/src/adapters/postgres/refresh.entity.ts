import type { Snapshot } from '@courier/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RefreshRecord } from '../../domain/refresh';

@Entity('refreshes')
export class RefreshEntity implements RefreshRecord {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'event_id' })
  eventId!: string;

  @Column('int')
  epoch!: number;

  @Column('text', { name: 'segment_id' })
  segmentId!: string;

  @Column('text', { name: 'segment_name', nullable: true })
  segmentName!: string | null;

  @Column('bigint', { transformer: { from: Number, to: String } })
  sequence!: number;

  @Column('int')
  era!: number;

  @Column('text', { name: 'refresh_id' })
  refreshId!: string;

  @Column('text', { name: 'workflow_job_id', nullable: true })
  workflowJobId!: string | null;

  @Column('text')
  result!: string;

  @Column('jsonb')
  snapshot!: Snapshot;

  @Column('timestamptz', { name: 'received_at' })
  receivedAt!: Date;

  @Column('text')
  verdict!: RefreshRecord['verdict'];

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('uuid', { name: 'run_ids', array: true })
  runIds!: string[];
}
