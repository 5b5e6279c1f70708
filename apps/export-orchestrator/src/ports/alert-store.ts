import type { RunReason } from '@courier/contracts';
import type { EntityManager } from 'typeorm';
import type { AlertKind } from '../domain/alerts';

export interface OpenAlert {
  id: string;
  reason: RunReason;
}

/** The alerts that hold now, one for each kind of a subject (an export, a connection or a segment). */
export abstract class AlertStore {
  /** Null when it is open for the same reason already. */
  abstract open(manager: EntityManager, subjectId: string, kind: AlertKind, reason: RunReason): Promise<OpenAlert | null>;
  /** Null when there was none. */
  abstract close(manager: EntityManager, subjectId: string, kind: AlertKind): Promise<OpenAlert | null>;
}
