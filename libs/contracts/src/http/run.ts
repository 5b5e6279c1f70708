import { z } from 'zod';

export const runStatuses = [
  'queued',
  'planning',
  'running',
  'awaiting_approval',
  'canceling',
  'succeeded',
  'completed_with_errors',
  'failed',
  'canceled',
  'skipped',
  'superseded',
] as const;
export type RunStatus = (typeof runStatuses)[number];

export const terminalRunStatuses = ['succeeded', 'completed_with_errors', 'failed', 'canceled', 'skipped', 'superseded'] as const;

export const runReasonCodes = {
  failed: [
    'snapshot_missing',
    'snapshot_outside_roots',
    'snapshot_count_mismatch',
    'snapshot_size_mismatch',
    'snapshot_digest_mismatch',
    'snapshot_unreadable',
    'snapshot_expired',
    'email_column_missing',
    'list_not_found',
    'deadline_exceeded',
    'nothing_accepted',
    'ledger_unreadable',
  ],
  skipped: [
    'profile_limit_exceeded',
    'upstream_failed',
    'upstream_skipped',
    'segment_inactive',
    'stale_snapshot',
    'dependency_timeout',
    'permission_lost',
  ],
  succeeded: ['empty_snapshot', 'nothing_to_do', 'guard_rejected'],
} as const;

const count = z.int().min(0);

/** What became of every row of the snapshots. Two sums always hold, see ARCHITECTURE.md, invariant 3. */
export const runCountsSchema = z.object({
  snapshotRows: count,
  duplicates: count,
  invalid: count,
  excluded: count,
  unchanged: count,
  toAdd: count,
  toChange: count,
  toRemove: count,
  accepted: count,
  rejected: count,
  unconfirmed: count,
  withheld: count,
  notAttempted: count,
});
export type RunCounts = z.infer<typeof runCountsSchema>;

export const runReasonSchema = z.object({ code: z.string(), detail: z.string(), remedy: z.string() });
export type RunReason = z.infer<typeof runReasonSchema>;

export const runKinds = ['incremental', 'full', 'dry_run'] as const;
export const runTriggers = ['refresh', 'schedule', 'manual', 'replay'] as const;
export const runPhases = ['waiting', 'verifying', 'planning', 'delivering', 'finishing', 'finished'] as const;

export const runWarningSchema = z.object({
  code: z.string(),
  count,
  columns: z.array(z.string()).optional().describe('Of column_missing and column_type_unsupported: which of the mapping'),
});
export type RunWarning = z.infer<typeof runWarningSchema>;

const fields = z.object({
  id: z.string(),
  exportId: z.string(),
  kind: z.enum(runKinds),
  trigger: z.enum(runTriggers),
  status: z.enum(runStatuses),
  /** The status in the words of Customer Insights. */
  displayStatus: z.string(),
  phase: z.enum(runPhases),
  reason: runReasonSchema.nullable(),
  counts: runCountsSchema,
  invalidReasons: z.record(z.string(), count),
  rejectedReasons: z.record(z.string(), count),
  warnings: z.array(runWarningSchema),
  waiting: z.object({ reason: z.string(), since: z.string(), until: z.string().nullable() }).nullable(),
  snapshots: z.array(z.object({ segmentId: z.string(), refreshId: z.string(), sequence: z.int() })),
  batches: z.object({ total: count, finished: count }),
  replayOf: z.string().nullable(),
  replay: z.object({ epoch: z.int(), reason: z.string().nullable(), actor: z.string().nullable() }).nullable(),
  startedBy: z.string().nullable(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
});
export type Run = z.infer<typeof fields>;

const example: Run = {
  id: '0199a2b4-0000-7000-8000-00000000000c',
  exportId: '0199a2b4-0000-7000-8000-00000000000b',
  kind: 'full',
  trigger: 'refresh',
  status: 'completed_with_errors',
  displayStatus: 'Completed with warnings',
  phase: 'finished',
  reason: null,
  counts: {
    snapshotRows: 1_000,
    duplicates: 12,
    invalid: 3,
    excluded: 0,
    unchanged: 0,
    toAdd: 985,
    toChange: 0,
    toRemove: 0,
    accepted: 985,
    rejected: 0,
    unconfirmed: 0,
    withheld: 0,
    notAttempted: 0,
  },
  invalidReasons: { email_malformed: 3 },
  rejectedReasons: {},
  warnings: [
    { code: 'phone_invalid', count: 7 },
    { code: 'column_missing', count: 1, columns: ['LoyaltyTier'] },
  ],
  waiting: null,
  snapshots: [{ segmentId: 'HighValueSegment', refreshId: 'refresh-1423', sequence: 1_423 }],
  batches: { total: 1, finished: 1 },
  replayOf: null,
  replay: null,
  startedBy: null,
  createdAt: '2026-11-24T02:15:44.000Z',
  startedAt: '2026-11-24T02:15:44.100Z',
  finishedAt: '2026-11-24T02:15:51.000Z',
};

export const runSchema = fields.meta({ example });
