import type { Mapping, Run, RunCounts, RunReason, RunStatus, RunWarning, Snapshot, StagedObjectRef } from '@courier/contracts';

export type RunKind = Run['kind'];
export type RunTrigger = Run['trigger'];
export type RunPhase = Run['phase'];

/** A snapshot as a run uses it, frozen with the run's plan. */
export interface RunSnapshot {
  segmentId: string;
  refreshId: string;
  sequence: number;
  snapshot: Snapshot;
  /** Of its sequence, see RefreshRecord; 0 where it is not there. */
  era?: number;
  /** It was the newest of its segment when the run began; such a one does not expire by the clock, for there is no other. */
  isNewest?: boolean;
}

/** The workflow job that a run waits for, where upstream named its segments (one job makes one run). */
export interface AwaitedJob {
  workflowJobId: string;
  segmentIds: string[];
}

/** Which replay a run belongs to; epoch 0 where an administrator has chosen it. */
export interface RunReplay {
  epoch: number;
  reason: string | null;
  actor: string | null;
  /** Also when something newer was delivered meanwhile. */
  force: boolean;
}

export interface RunRecord {
  id: string;
  exportId: string;
  connectionId: string;
  listId: string;
  kind: RunKind;
  trigger: RunTrigger;
  status: RunStatus;
  phase: RunPhase;
  reason: RunReason | null;
  counts: RunCounts;
  invalidReasons: Record<string, number>;
  rejectedReasons: Record<string, number>;
  warnings: RunWarning[];
  waiting: { reason: string; since: string; until: string | null } | null;
  awaitedJob: AwaitedJob | null;
  /** What `counts` speaks of. Until the run is planned only what it is bound to: the snapshots that a replay repeats. */
  snapshots: RunSnapshot[];
  mapping: Mapping;
  /** Klaviyo account of the connection when the run was planned. */
  accountId: string | null;
  /** Ledger version that the plan was compared with; null when there was none. */
  ledger: StagedObjectRef | null;
  /** An administrator lets it begin a new ledger, because the present one cannot be read. */
  withoutLedger: boolean;
  /** Plan attempts so far; a folder of its own each. */
  attempt: number;
  /** The frozen plan; null until the totals are final. */
  plan: StagedObjectRef | null;
  invalidRows: StagedObjectRef | null;
  /** True once every batch of the plan is announced. */
  staged: boolean;
  batchesTotal: number;
  batchesFinished: number;
  /** Grows with every run of the system, in the order in which they were asked for. */
  sequence: string;
  /**
   * Says which of two runs of an export brings the newer values: drawn when it begins, because then it chooses what it reads. Null
   * before that. A run that sends another one's batches again is as old as that one.
   */
  age: string | null;
  /** Why the run will end as failed once its batches have ended; set when it is stopped on the way. */
  stopReason: RunReason | null;
  startedBy: string | null;
  /** The earlier run that this one repeats. */
  replayOf: string | null;
  replay: RunReplay | null;
  /** Set when it has no plan of its own: its batches are those of this run, sent again by the sink. */
  resends: string | null;
  /** W3C form of the span that the run began with: whatever is done for the run goes on in its trace. */
  traceparent: string | null;
  version: number;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

export const noCounts: RunCounts = {
  snapshotRows: 0,
  duplicates: 0,
  invalid: 0,
  excluded: 0,
  unchanged: 0,
  toAdd: 0,
  toChange: 0,
  toRemove: 0,
  accepted: 0,
  rejected: 0,
  unconfirmed: 0,
  withheld: 0,
  notAttempted: 0,
};
