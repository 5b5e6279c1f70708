export { alertChangedV1, alertKinds, type AlertChangedV1 } from './messages/alert-changed/v1';
export { auditRecordedV1, type AuditRecordedV1 } from './messages/audit-recorded/v1';
export { batchFinishedV1, type BatchFinishedV1 } from './messages/batch-finished/v1';
export { batchRequestedV1, type BatchRequestedV1, type StagedObjectRef } from './messages/batch-requested/v1';
export { connectionChangedV1, type ConnectionChangedV1 } from './messages/connection-changed/v1';
export { connectionCheckedV1, type ConnectionCheckedV1 } from './messages/connection-checked/v1';
export { exportChangedV1, type ExportChangedV1 } from './messages/export-changed/v1';
export { runChangedV1, type RunChangedV1 } from './messages/run-changed/v1';
export { resentRunId, runReplayedV1, type RunReplayedV1 } from './messages/run-replayed/v1';
export { runStoppedV1, type RunStoppedV1 } from './messages/run-stopped/v1';
export { runWaitingV1, type RunWaitingV1 } from './messages/run-waiting/v1';
export {
  segmentRefreshedV1,
  type SegmentRefreshedV1,
  type Snapshot,
  type SnapshotPartition,
} from './messages/segment-refreshed/v1';
export { attentionCodes, attentionSchema, personSchema, type Attention, type Person } from './http/attention';
export {
  connectionAccess,
  connectionSchema,
  connectionStates,
  sharedConnectionSchema,
  type Connection,
  type ConnectionState,
  type SharedConnection,
} from './http/connection';
export { exportSchema, exportStates, mappingSchema, type Export, type Mapping } from './http/export';
export { pageQuerySchema, pageSchema, type Page, type PageQuery } from './http/page';
export { rejectedProfileSchema, rejectedStages, type RejectedProfile, type RejectedStage } from './http/rejected-profile';
export {
  runCountsSchema,
  runKinds,
  runPhases,
  runReasonCodes,
  runReasonSchema,
  runSchema,
  runStatuses,
  runTriggers,
  terminalRunStatuses,
  type Run,
  type RunCounts,
  type RunReason,
  type RunWarning,
  type RunStatus,
} from './http/run';
export {
  deadLetterTopic,
  defaultRetentionHours,
  topicPlans,
  topics,
  type TopicClass,
  type TopicDefinition,
  type TopicPlan,
} from './topics';
