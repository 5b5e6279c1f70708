import type { ConnectionChangedV1 } from '@courier/contracts';
import type { EntityManager } from 'typeorm';
import type { CheckResult, SinkConnection } from './connection';

export interface RunRef {
  runId: string;
  exportId: string;
  connectionId: string;
}

export interface WaitingRun extends RunRef {
  since: Date | null;
  /** Of the replay whose batches of the run wait; 0 outside one. */
  epoch: number;
  traceparent: string | null;
}

export interface CheckRecord {
  connectionId: string;
  credentialVersion: number;
  verificationId: string | null;
  result: CheckResult;
  /** When to look again by itself; null: when somebody asks. */
  recheckAfterMs: number | null;
}

export abstract class ConnectionStore {
  /** Keeps the higher version; a removed connection keeps its version and loses its credential. */
  abstract apply(manager: EntityManager, state: ConnectionChangedV1): Promise<boolean>;
  abstract find(connectionId: string): Promise<SinkConnection | null>;
  /** Connections with a credential that was not checked yet, an open verification, or a check that is to be repeated by now. */
  abstract findDueForCheck(limit: number): Promise<string[]>;
  /** False when the credential or the verification is no longer the one that was checked. */
  abstract recordCheck(manager: EntityManager, record: CheckRecord): Promise<boolean>;
  /** Klaviyo refused a credential that stood well. False when that was known already or the credential changed. */
  abstract recordRefusal(manager: EntityManager, connectionId: string, credentialVersion: number): Promise<boolean>;
  /** Runs whose batches begin to wait because their connection stands badly. */
  abstract startWaiting(manager: EntityManager, connectionId: string): Promise<WaitingRun[]>;
  /** Runs that wait no longer. */
  abstract endWaiting(manager: EntityManager, connectionId: string): Promise<WaitingRun[]>;
}
