import type { Run } from '@courier/contracts';
import type { RunRecord, RunSnapshot } from './run';
import { displayStatus } from './run-status';

/** What is shown of a run. What it was planned from is left out: the parts of its snapshots alone may be megabytes. */
export type ShownRun = Omit<RunRecord, 'snapshots' | 'mapping' | 'awaitedJob' | 'ledger' | 'plan' | 'invalidRows'> & {
  snapshots: Pick<RunSnapshot, 'segmentId' | 'refreshId' | 'sequence'>[];
};

/** A run as HTTP and `export.runs` show it. */
export function toRunView(run: ShownRun): Run {
  return {
    id: run.id,
    exportId: run.exportId,
    kind: run.kind,
    trigger: run.trigger,
    status: run.status,
    displayStatus: displayStatus(run.status),
    phase: run.phase,
    reason: run.reason,
    counts: run.counts,
    invalidReasons: run.invalidReasons,
    rejectedReasons: run.rejectedReasons,
    warnings: run.warnings,
    waiting: run.waiting,
    snapshots: run.snapshots.map(({ segmentId, refreshId, sequence }) => ({ segmentId, refreshId, sequence })),
    batches: { total: run.batchesTotal, finished: run.batchesFinished },
    replayOf: run.replayOf,
    replay: run.replay && { epoch: run.replay.epoch, reason: run.replay.reason, actor: run.replay.actor },
    startedBy: run.startedBy,
    createdAt: run.createdAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
  };
}
