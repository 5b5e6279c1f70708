import type { Mapping, runReasonCodes, Snapshot, StagedObjectRef } from '@courier/contracts';
import type { AppError } from '@courier/kernel';
import type { InvalidReason, ProfileWarning } from '../domain/klaviyo-profile';

// What passes between a service and its planner child. Everything is JSON; nothing holds a profile value.

export interface PlannedSnapshot {
  segmentId: string;
  snapshot: Snapshot;
  /** There is no newer one: it may be used past its time, as long as its files are there. */
  isNewest?: boolean;
}

export interface PlanJob {
  runId: string;
  /** Grows whenever a run is planned anew; part of every staged path. */
  attempt: number;
  kind: 'full';
  mapping: Mapping;
  /** Distinct valid people that the run may have at most. */
  profileLimit: number;
  /** `SNAPSHOT_ROOTS`: folders or URI prefixes. */
  snapshotRoots: string[];
  /** In the order of the export's segmentIds, which decides who wins among rows of one address. */
  snapshots: PlannedSnapshot[];
  stagingUri: string;
  stagingKeyFile: string;
  /** Folder for the plain copies, on a local disk; each plan makes a folder of its own in it and removes it. */
  privateDir: string;
  /** DuckDB's memory; beyond it spills into the private folder. */
  memoryMb: number;
  /** What was delivered so far; null when nothing was. */
  ledger: StagedObjectRef | null;
  /** A frozen plan whose staging was interrupted. */
  resume: { plan: StagedObjectRef; stagedNumbers: number[] } | null;
}

export interface PlanCounts {
  snapshotRows: number;
  duplicates: number;
  invalid: number;
  unchanged: number;
  toAdd: number;
  toChange: number;
}

export interface PlannedBatch {
  /** 1-based. */
  number: number;
  rows: number;
  /** Bytes of the profiles with their commas, before compression. */
  bytes: number;
}

export interface Plan {
  /** `plan.parquet`: batch, line (0-based), identifier, hash, kind (`add` or `change`). */
  object: StagedObjectRef;
  /** NDJSON of InvalidRow; null when every row is a profile. */
  invalid: StagedObjectRef | null;
  counts: PlanCounts;
  invalidReasons: Partial<Record<InvalidReason, number>>;
  warnings: ProfileWarning[];
  batches: PlannedBatch[];
}

/** One line of the invalid rows object. */
export interface InvalidRow {
  code: InvalidReason;
  segmentId: string;
  /** Name of the part. */
  file: string;
  /** 1-based record of the part. */
  row: number;
  /** The address as it stands there, cut to 320 characters; null where there is none or the line cannot be read. */
  email: string | null;
}

export interface StagedBatch extends PlannedBatch {
  object: StagedObjectRef;
}

export type PlanFailureCode = (typeof runReasonCodes.failed)[number] | 'not_supported';

export type PlanOutcome =
  | { kind: 'planned'; plan: Plan }
  | ({ kind: 'over_limit'; people: number; limit: number } & Pick<Plan, 'counts' | 'invalid' | 'invalidReasons'>)
  | { kind: 'failed'; code: PlanFailureCode; detail: string };

export type PlanPhase = 'verifying' | 'planning';

export interface MergeJob {
  runId: string;
  attempt: number;
  /** The version that the merge builds on; null makes the first. */
  ledger: StagedObjectRef | null;
  plan: StagedObjectRef;
  /** Finished batches of the plan. Batches that are not named count as not attempted. */
  batches: {
    number: number;
    /** Result lines of the rows that were not accepted; null when all were. */
    results: StagedObjectRef | null;
    /** No row was accepted and there are no result lines: what Klaviyo holds of these people is unknown. */
    allNotAccepted?: boolean;
  }[];
  /** Orders the runs of one ledger; rows that a newer run wrote stay as they are. */
  runSeq: number;
  /** ISO time, `first_sent_at` of people who are new in the ledger. */
  sentAt: string;
  /** Staged path of the new version, not used before (see `ledgerPath`). */
  target: string;
  stagingUri: string;
  stagingKeyFile: string;
  privateDir: string;
  memoryMb: number;
}

export interface MergedLedger {
  ledger: StagedObjectRef;
  people: number;
}

export type PlannerJob = { task: 'plan'; job: PlanJob; folder: string } | { task: 'merge'; job: MergeJob; folder: string };

/** Of a child that works; many of them missing say that it hangs. */
export const HEARTBEAT_MS = 1_000;

export type ToChild = { type: 'start'; work: PlannerJob } | { type: 'continue' };

export type FromChild =
  | { type: 'ready' }
  /** Every `HEARTBEAT_MS`, whatever it is doing. */
  | { type: 'alive' }
  | { type: 'progress'; phase: PlanPhase; done: number; total: number }
  | { type: 'frozen'; plan: Plan }
  | { type: 'staged'; batch: StagedBatch }
  | { type: 'planned'; outcome: PlanOutcome }
  | { type: 'merged'; merged: MergedLedger }
  | { type: 'error'; code: string; message: string; retryable: boolean; context: AppError['context'] };
