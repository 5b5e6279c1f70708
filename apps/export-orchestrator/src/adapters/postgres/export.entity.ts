import type { Export, Mapping, Person, RunReason } from '@courier/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ExportRecord } from '../../domain/export';

@Entity('exports')
export class ExportEntity implements ExportRecord {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  @Column('uuid', { name: 'connection_id', nullable: true })
  connectionId!: string | null;

  @Column('text', { name: 'list_id' })
  listId!: string;

  @Column('text', { name: 'segment_ids', array: true })
  segmentIds!: string[];

  @Column('jsonb')
  mapping!: Mapping;

  @Column('text')
  mode!: Export['mode'];

  @Column('jsonb')
  schedule!: { on: 'refresh' | 'manual' };

  @Column('text')
  state!: ExportRecord['state'];

  @Column('jsonb', { nullable: true })
  attention!: Export['attention'];

  @Column('text', { name: 'list_name', nullable: true })
  listName!: string | null;

  @Column('boolean', { name: 'list_checked' })
  listChecked!: boolean;

  @Column('jsonb', { name: 'list_problem', nullable: true })
  listProblem!: RunReason | null;

  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('jsonb', { name: 'created_by' })
  createdBy!: Person;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  @Column('jsonb', { name: 'updated_by' })
  updatedBy!: Person;
}
