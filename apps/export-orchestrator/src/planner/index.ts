export { PlannerProcess, type PlanListener } from './planner-process';
export { sweepPrivateFolders } from './private-folder';
export type {
  InvalidRow,
  MergedLedger,
  MergeJob,
  Plan,
  PlanCounts,
  PlanFailureCode,
  PlanJob,
  PlannedBatch,
  PlanOutcome,
  PlanPhase,
  StagedBatch,
} from './protocol';
