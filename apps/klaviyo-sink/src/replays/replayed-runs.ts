import type { BatchFinishedV1 } from '@courier/contracts';
import type { EntityManager } from 'typeorm';

/** One more batch of a run in a replay. */
export interface ReplayedBatch {
  runId: string;
  exportId: string;
  epoch: number;
  unfinishedOnly: boolean;
  rows: number;
}

export interface ReplayedRun {
  runId: string;
  exportId: string;
  epoch: number;
  batches: number;
  rows: number;
}

/** How a batch stands before a replay would bring it again. */
export interface BatchStanding {
  batchId: string;
  calls: number;
  outcome: BatchFinishedV1 | null;
  /** A person canceled its run, or its connection is gone. */
  stopped: boolean;
  /** By a newer full run of its export and list. */
  superseded: boolean;
  /** By any newer run. */
  takenUp: boolean;
}

/** Which runs have batches that are sent again, by epoch. */
export abstract class ReplayedRuns {
  abstract add(manager: EntityManager, batch: ReplayedBatch): Promise<void>;
  /** What is not on its way yet is not sent. */
  abstract stop(manager: EntityManager, epoch: number, reason: string): Promise<void>;
  /** Epochs with runs that nobody was told of. */
  abstract findUntoldEpochs(): Promise<number[]>;
  /** Of the batches that have a delivery. Locks nothing. */
  abstract standings(manager: EntityManager, batchIds: string[]): Promise<BatchStanding[]>;
  /** The epoch's runs that nobody was told of; they are told with this transaction. */
  abstract takeUntold(manager: EntityManager, epoch: number): Promise<ReplayedRun[]>;
}
