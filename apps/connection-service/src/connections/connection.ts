import type { Attention, ConnectionState, Person } from '@courier/contracts';
import { newId, nextVersion } from '@courier/kernel';
import { nextState } from './connection-states';

export interface Account {
  id: string;
  name: string;
}

export interface Scopes {
  found: string[];
  missing: string[];
}

export interface Credential {
  kind: 'api_key';
  last4: string;
  version: number;
  /** Ciphertext that only the sink can open. */
  sealed: string;
}

/** A check that was asked for and has not been answered. */
export interface Verification {
  id: string;
  requestedAt: Date;
}

/** A connection to one Klaviyo account, as this service owns it. */
export interface Connection {
  id: string;
  /** Grows with every change, see nextVersion; readers of the topic keep the highest. */
  version: number;
  displayName: string;
  type: 'klaviyo';
  state: ConnectionState;
  access: 'administrators' | 'contributors';
  profileLimit: number;
  /** Who answers for what is exported through this connection. */
  exportUser: Person;
  credential: Credential;
  account: Account | null;
  scopes: Scopes;
  attention: Attention | null;
  consent: { acceptedAt: Date; by: Person; textVersion: string };
  verification: Verification | null;
  /** What a removed connection said about the exports that used it; null where nothing did. */
  exportsOnRemoval: 'detach' | 'remove' | null;
  createdAt: Date;
  createdBy: Person;
  updatedAt: Date;
  updatedBy: Person;
}

export interface NewConnection {
  id: string;
  displayName: string;
  access: Connection['access'];
  profileLimit: number;
  credential: Credential;
  consentTextVersion: string;
}

/** Of somebody who acts, what a connection keeps. */
export function personOf({ sub, name }: Person): Person {
  return { sub, name };
}

/** A new connection waits for its first check. Whoever makes it is its export user and gave the consent. */
export function createConnection(given: NewConnection, by: Person, now: Date): Connection {
  const { consentTextVersion, ...fields } = given;
  return {
    ...fields,
    version: 1,
    type: 'klaviyo',
    state: 'verifying',
    exportUser: by,
    account: null,
    scopes: { found: [], missing: [] },
    attention: null,
    consent: { acceptedAt: now, by, textVersion: consentTextVersion },
    verification: { id: newId(), requestedAt: now },
    exportsOnRemoval: null,
    createdAt: now,
    createdBy: by,
    updatedAt: now,
    updatedBy: by,
  };
}

/** Asks for a new check; the answer to an earlier one no longer counts. */
export function requestCheck(connection: Connection, by: Person, now: Date): Connection {
  return {
    ...connection,
    version: nextVersion(connection.version, now),
    state: nextState(connection.state, 'check_requested'),
    verification: { id: newId(), requestedAt: now },
    updatedAt: now,
    updatedBy: by,
  };
}

const PROFILE_LIMIT_DEFAULT = 100_000;

/** What is asked for, else the default, which is never above the ceiling. */
export function profileLimitOf(asked: number | undefined, ceiling: number): number {
  return asked ?? Math.min(PROFILE_LIMIT_DEFAULT, ceiling);
}

export type ConnectionPatch = Partial<Pick<Connection, 'displayName' | 'access' | 'profileLimit'>>;

export function editConnection(connection: Connection, patch: ConnectionPatch, by: Person, now: Date): Connection {
  return { ...connection, ...patch, version: nextVersion(connection.version, now), updatedAt: now, updatedBy: by };
}

/** A removed connection keeps who did what and when, and nothing of its key. */
export function removeConnection(
  connection: Connection,
  exports: Connection['exportsOnRemoval'],
  by: Person,
  now: Date,
): Connection {
  return {
    ...connection,
    version: nextVersion(connection.version, now),
    state: nextState(connection.state, 'removal'),
    credential: { ...connection.credential, last4: '', sealed: '' },
    attention: null,
    verification: null,
    exportsOnRemoval: exports,
    updatedAt: now,
    updatedBy: by,
  };
}
