import type { RunReason, RunStatus } from '@courier/contracts';
import type { ExportRecord } from './export';
import { type AwaitedJob, noCounts, type RunRecord, type RunReplay, type RunSnapshot, type RunTrigger } from './run';

export interface RunStart {
  id: string;
  trigger: RunTrigger;
  createdAt: Date;
  startedBy: string | null;
  awaitedJob: AwaitedJob | null;
  /** Ends the run at once with this reason. */
  skipped: RunReason | null;
  withoutLedger?: true;
  replay?: { of: string | null; as: RunReplay; snapshots: RunSnapshot[] };
}

/** A run of this export that nobody has begun yet, or one that is skipped at once. */
export function newRun(
  exported: ExportRecord & { connectionId: string },
  start: RunStart,
): Omit<RunRecord, 'sequence' | 'traceparent'> {
  const status: RunStatus = start.skipped === null ? 'queued' : 'skipped';
  return {
    id: start.id,
    exportId: exported.id,
    connectionId: exported.connectionId,
    listId: exported.listId,
    kind: 'full',
    trigger: start.trigger,
    status,
    phase: start.skipped === null ? 'waiting' : 'finished',
    reason: start.skipped,
    counts: noCounts,
    invalidReasons: {},
    rejectedReasons: {},
    warnings: [],
    waiting: null,
    awaitedJob: start.awaitedJob,
    snapshots: start.replay?.snapshots ?? [],
    mapping: exported.mapping,
    accountId: null,
    ledger: null,
    withoutLedger: start.withoutLedger ?? false,
    attempt: 0,
    age: null,
    plan: null,
    invalidRows: null,
    staged: false,
    batchesTotal: 0,
    batchesFinished: 0,
    stopReason: null,
    startedBy: start.startedBy,
    replayOf: start.replay?.of ?? null,
    replay: start.replay?.as ?? null,
    resends: null,
    version: 1,
    createdAt: start.createdAt,
    startedAt: null,
    finishedAt: start.skipped === null ? null : start.createdAt,
  };
}
