import type { RunStatus } from '@courier/contracts';
import type { EntityManager } from 'typeorm';
import type { RunRecord, RunTrigger } from '../domain/run';
import type { SnapshotAge } from '../domain/replay';
import type { ShownRun } from '../domain/run-view';

export interface RunQuery {
  exportId?: string;
  status?: RunStatus;
  trigger?: RunTrigger;
  from?: Date;
  to?: Date;
  before?: { createdAt: Date; id: string };
  limit: number;
}

export interface ReplayQuery {
  runId?: string;
  exportId?: string;
  segmentId?: string;
  from?: Date;
  to?: Date;
}

export type NewRun = Omit<RunRecord, 'sequence'>;
export type RunChanges = Partial<Omit<RunRecord, 'id' | 'exportId' | 'sequence' | 'version'>>;

/** A run that is looked for in order to be brought on; who does so reads the rest of it, under its lock. */
export type FoundRun = Pick<RunRecord, 'id' | 'exportId' | 'sequence' | 'traceparent'>;
export type LastRun = Pick<RunRecord, 'id' | 'exportId' | 'status' | 'trigger' | 'finishedAt'>;

export abstract class RunStore {
  /**
   * Until the transaction ends no other one starts runs of these exports on a refresh's word: what it finds of the runs that wait is
   * all there is. Locks in the order of the ids, whatever order they come in.
   */
  abstract lockStarts(manager: EntityManager, exportIds: readonly string[]): Promise<void>;
  /** False when a run of this id exists already. */
  abstract insert(manager: EntityManager, run: NewRun): Promise<boolean>;
  abstract find(manager: EntityManager, id: string): Promise<RunRecord | null>;
  /** With the row locked until the transaction ends. */
  abstract findForUpdate(manager: EntityManager, id: string): Promise<RunRecord | null>;
  /** Writes the changes and the next version. */
  abstract update(manager: EntityManager, run: RunRecord, changes: RunChanges): Promise<RunRecord>;
  /** An age above that of every run of the export so far, also of those that a restored database has forgotten: milliseconds. */
  abstract nextAge(manager: EntityManager, exportId: string): Promise<string>;
  /** Newest first. */
  abstract list(manager: EntityManager, query: RunQuery): Promise<ShownRun[]>;
  abstract findLastOf(manager: EntityManager, exportIds: string[]): Promise<Map<string, LastRun>>;
  /** A page of the runs that nobody has planned and announced to the end, oldest first, after the given sequence. */
  abstract findUnplanned(manager: EntityManager, afterSequence: string): Promise<FoundRun[]>;
  /** Runs whose batches all have an outcome, oldest first. */
  abstract findFinishing(manager: EntityManager): Promise<FoundRun[]>;
  /** Of each export the newest run that fits; left out are those that the sink sends again, and replays that came to nothing. */
  abstract findReplayable(manager: EntityManager, query: ReplayQuery): Promise<RunRecord[]>;
  /** Replays of the export, or of the epoch, that nobody has begun, with their rows locked. */
  abstract findQueuedReplays(manager: EntityManager, of: { exportId: string } | { epoch: number }): Promise<RunRecord[]>;
  /** The newest snapshot of each segment of which a run of the export may have delivered anybody, the given one left out. */
  abstract deliveredSequences(manager: EntityManager, exportId: string, except: string | null): Promise<Map<string, SnapshotAge>>;
  abstract findQueuedBefore(manager: EntityManager, run: RunRecord): Promise<RunRecord[]>;
  /** Runs without an end that are to be stopped, or to be given up after they were stopped in vain; oldest first. */
  abstract findOverdue(manager: EntityManager, times: { stopBefore: Date; giveUpBefore: Date }): Promise<FoundRun[]>;
  /**
   * Whether another run of the same export, or into the same list of the same account, has started and not ended. Takes a lock on the
   * list for the transaction, so that two instances cannot both find it free.
   */
  abstract isListTaken(manager: EntityManager, run: RunRecord, accountId: string): Promise<boolean>;
}
