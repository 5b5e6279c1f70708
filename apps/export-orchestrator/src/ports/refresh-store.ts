import type { EntityManager } from 'typeorm';
import type { HeardRefresh, ListedRefresh, ListedSnapshot, RefreshRecord, SegmentSequence } from '../domain/refresh';
import type { AwaitedJob, RunSnapshot } from '../domain/run';

export interface RefreshQuery {
  segmentId?: string;
  before?: { createdAt: Date; id: string };
  limit: number;
}

export abstract class RefreshStore {
  abstract insert(manager: EntityManager, refresh: RefreshRecord): Promise<void>;
  abstract isKnown(manager: EntityManager, id: string): Promise<boolean>;
  /** The highest sequence heard of since the last reset, whatever its result. */
  abstract sequenceOf(manager: EntityManager, segmentId: string): Promise<SegmentSequence>;
  /** The same, with the segment locked for the transaction. */
  abstract lockSequence(manager: EntityManager, segmentId: string): Promise<SegmentSequence>;
  abstract keepStaleInARow(manager: EntityManager, segmentId: string, staleInARow: number): Promise<void>;
  /** Begins a new era: what comes next is newer than all before if it is above `floor`; null: whatever it has. */
  abstract resetSequence(manager: EntityManager, segmentId: string, floor: number | null): Promise<void>;
  /** The era of a refresh that is read again: that of the first time that is still known, or the present one where there is none. */
  abstract eraOf(manager: EntityManager, heard: Pick<HeardRefresh, 'eventId'>, segmentId: string): Promise<number>;
  /** The newest usable snapshot of each segment that has one, in the order given. */
  abstract newestSnapshots(manager: EntityManager, segmentIds: string[]): Promise<RunSnapshot[]>;
  /** Which of the job's segments have reported. */
  abstract reportedSegments(manager: EntityManager, job: AwaitedJob): Promise<{ segmentId: string; result: string }[]>;
  /** Newest first. */
  abstract list(manager: EntityManager, query: RefreshQuery): Promise<ListedRefresh[]>;
  /** The successful refreshes of a segment, as each first came, newest first. */
  abstract listSnapshots(manager: EntityManager, query: RefreshQuery & { segmentId: string }): Promise<ListedSnapshot[]>;
  /** The last refresh of each segment, as it first came, the latest heard of first. */
  abstract listLastOfSegments(manager: EntityManager, query: RefreshQuery): Promise<ListedRefresh[]>;
}
