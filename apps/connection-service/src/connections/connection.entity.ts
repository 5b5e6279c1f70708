import type { Attention, ConnectionState, Person } from '@courier/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Account, Connection, Credential, Scopes } from './connection';

/** A connection as a row; times inside jsonb are ISO texts. */
@Entity('connections')
export class ConnectionEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('integer')
  version!: number;

  @Column('text', { name: 'display_name' })
  displayName!: string;

  @Column('text')
  type!: 'klaviyo';

  @Column('text')
  state!: ConnectionState;

  @Column('text')
  access!: Connection['access'];

  @Column('integer', { name: 'profile_limit' })
  profileLimit!: number;

  @Column('jsonb', { name: 'export_user' })
  exportUser!: Person;

  @Column('jsonb')
  credential!: Credential;

  @Column('jsonb', { nullable: true })
  account!: Account | null;

  @Column('jsonb')
  scopes!: Scopes;

  @Column('jsonb', { nullable: true })
  attention!: Attention | null;

  @Column('jsonb')
  consent!: { acceptedAt: string; by: Person; textVersion: string };

  @Column('jsonb', { nullable: true })
  verification!: { id: string; requestedAt: string } | null;

  @Column('text', { name: 'exports_on_removal', nullable: true })
  exportsOnRemoval!: Connection['exportsOnRemoval'];

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('jsonb', { name: 'created_by' })
  createdBy!: Person;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  @Column('jsonb', { name: 'updated_by' })
  updatedBy!: Person;
}

export function toEntity(connection: Connection): ConnectionEntity {
  const { consent, verification, ...rest } = connection;
  return Object.assign(new ConnectionEntity(), rest, {
    consent: { ...consent, acceptedAt: consent.acceptedAt.toISOString() },
    verification: verification && { ...verification, requestedAt: verification.requestedAt.toISOString() },
  });
}

export function toConnection(entity: ConnectionEntity): Connection {
  const { consent, verification, ...rest } = entity;
  return {
    ...rest,
    consent: { ...consent, acceptedAt: new Date(consent.acceptedAt) },
    verification: verification && { ...verification, requestedAt: new Date(verification.requestedAt) },
  };
}
