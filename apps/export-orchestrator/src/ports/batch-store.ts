import type { BatchFinishedV1, StagedObjectRef } from '@courier/contracts';
import type { EntityManager } from 'typeorm';
import type { BatchRecord } from '../domain/batch';
import type { EndedBatches } from '../domain/ended-batches';

export interface Silence {
  now: Date;
  silenceMin: number;
}

export abstract class BatchStore {
  abstract insertPlanned(manager: EntityManager, batches: BatchRecord[]): Promise<void>;
  /** Also counts how often it was announced. */
  abstract announce(manager: EntityManager, batchId: string, announced: { object: StagedObjectRef; at: Date }): Promise<void>;
  /** Announced batches of open runs without an outcome, for longer than `silenceMin` doubled with each announcement; oldest first. */
  abstract findSilent(manager: EntityManager, silence: Silence): Promise<{ id: string; runId: string }[]>;
  /** The batch while it still is silent. */
  abstract findSilentOne(manager: EntityManager, batchId: string, silence: Silence): Promise<BatchRecord | null>;
  abstract find(manager: EntityManager, batchId: string): Promise<BatchRecord | null>;
  abstract finish(manager: EntityManager, outcome: BatchFinishedV1): Promise<void>;
  /** Ends every batch that was not announced; its rows count as not attempted. */
  abstract endPlanned(manager: EntityManager, runId: string): Promise<EndedBatches>;
  /** Ends every batch without an outcome: what was announced counts as unconfirmed, the rest as not attempted. */
  abstract endOpen(manager: EntityManager, runId: string): Promise<EndedBatches>;
  /** By number. */
  abstract findOfRun(manager: EntityManager, runId: string): Promise<BatchRecord[]>;
  /** Those behind the number `after`, by number. */
  abstract listOfRun(manager: EntityManager, runId: string, page: { after: number; limit: number }): Promise<BatchRecord[]>;
  /** Keeps an outcome whose batch is not known yet; the newest one of a batch stays. */
  abstract parkOutcome(manager: EntityManager, outcome: BatchFinishedV1): Promise<void>;
  /** Takes a parked outcome out; null when there is none. */
  abstract takeParkedOutcome(manager: EntityManager, batchId: string): Promise<BatchFinishedV1 | null>;
}
