import type { MergedLedger, MergeJob, Plan, PlanJob, PlanOutcome, StagedBatch } from '../planner/protocol';

export interface PlanObserver {
  /** Called once, before anything is announced; the planner goes on when it resolves. */
  onFrozen(plan: Plan): Promise<void>;
  /** Called in the order of the batches; the planner goes on when it resolves. */
  onStaged(batch: StagedBatch): Promise<void>;
}

/** What is the same for every job of this process. */
export type PlannerSettings = 'stagingUri' | 'stagingKeyFile' | 'privateDir' | 'memoryMb' | 'snapshotRoots';

/** Verifies snapshots, plans batches and stages them; merges outcomes into the ledger. Long work: minutes for a million rows. */
export abstract class Planner {
  abstract plan(job: Omit<PlanJob, PlannerSettings>, observer: PlanObserver, signal: AbortSignal): Promise<PlanOutcome>;
  abstract mergeLedger(job: Omit<MergeJob, PlannerSettings>, signal: AbortSignal): Promise<MergedLedger>;
  /** Removes what plans of dead processes left in the clear. */
  abstract sweep(): Promise<void>;
}
