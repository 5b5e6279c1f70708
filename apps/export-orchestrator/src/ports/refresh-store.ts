import type { EntityManager } from 'typeorm';
import type { ListedRefresh, ListedSnapshot, RefreshRecord } from '../domain/refresh';
import type { AwaitedJob, RunSnapshot } from '../domain/run';

export interface RefreshQuery {
  segmentId?: string;
  before?: { createdAt: Date; id: string };
  limit: number;
}

export abstract class RefreshStore {
  abstract insert(manager: EntityManager, refresh: RefreshRecord): Promise<void>;
  abstract isKnown(manager: EntityManager, id: string): Promise<boolean>;
  /** Highest sequence ever heard of, whatever its result; null for an unknown segment. Locks the segment for the transaction. */
  abstract newestSequence(manager: EntityManager, segmentId: string): Promise<number | null>;
  /** The newest usable snapshot of each segment that has one, in the order given. */
  abstract newestSnapshots(manager: EntityManager, segmentIds: string[]): Promise<RunSnapshot[]>;
  /** Which of the job's segments have reported. */
  abstract reportedSegments(manager: EntityManager, job: AwaitedJob): Promise<{ segmentId: string; result: string }[]>;
  /** Newest first. */
  abstract list(manager: EntityManager, query: RefreshQuery): Promise<ListedRefresh[]>;
  /** The successful refreshes of a segment, as each first came, newest first. */
  abstract listSnapshots(manager: EntityManager, query: RefreshQuery & { segmentId: string }): Promise<ListedSnapshot[]>;
  /** The last refresh of each segment, as it first came, the latest heard of first. */
  abstract listLastOfSegments(manager: EntityManager, query: Pick<RefreshQuery, 'before' | 'limit'>): Promise<ListedRefresh[]>;
}
