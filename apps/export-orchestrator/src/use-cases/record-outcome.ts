import type { BatchFinishedV1, RunWaitingV1 } from '@courier/contracts';
import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { isLate } from '../domain/resent-run';
import type { RunRecord } from '../domain/run';
import { runReason } from '../domain/run-reasons';
import { BatchStore } from '../ports/batch-store';
import { RunStore } from '../ports/run-store';
import { ChangeRun } from './change-run';

/** `late`: nothing was done, because the run has counted the batch as not attempted. */
export type RecordedOutcome = 'recorded' | 'parked' | 'known' | 'late';

/** Books what became of a batch, in the record's transaction. */
@Injectable()
export class RecordOutcome {
  private readonly logger = new Logger(RecordOutcome.name);

  constructor(
    private readonly runs: RunStore,
    private readonly batches: BatchStore,
    private readonly changeRun: ChangeRun,
  ) {}

  async execute(manager: EntityManager, outcome: BatchFinishedV1): Promise<RecordedOutcome> {
    // The run's row first: announcing a batch locks it too, so an outcome cannot fall between "parked" and "known".
    const run = await this.runs.findForUpdate(manager, outcome.runId);
    const batch = await this.batches.find(manager, outcome.batchId);
    if (run === null || batch === null || batch.status === 'planned') {
      if (run !== null && run.finishedAt !== null) return 'known';
      await this.batches.parkOutcome(manager, outcome);
      return 'parked';
    }
    if (isLate(batch, outcome)) return 'late';
    if (batch.status === 'finished' || run.finishedAt !== null) return 'known';
    await this.apply(manager, run, outcome);
    return 'recorded';
  }

  /** For an announced batch without an outcome; `run` is locked. */
  async apply(manager: EntityManager, run: RunRecord, outcome: BatchFinishedV1): Promise<void> {
    await this.batches.finish(manager, outcome);
    const { runId, exportId, batchId, number: batchNumber } = outcome;
    this.logger.log('Outcome booked', { runId, exportId, batchId, batchNumber, ...outcome.counts, code: outcome.error?.code });
    const { counts } = run;
    const batchesFinished = run.batchesFinished + 1;
    const rejectedReasons = { ...run.rejectedReasons };
    for (const [code, count] of Object.entries(outcome.rejectedReasons)) {
      rejectedReasons[code] = (rejectedReasons[code] ?? 0) + count;
    }
    const stopReason = run.stopReason ?? this.stopReasonOf(outcome);
    await this.changeRun.execute(manager, run, {
      counts: {
        ...counts,
        accepted: counts.accepted + outcome.counts.accepted,
        rejected: counts.rejected + outcome.counts.rejected,
        unconfirmed: counts.unconfirmed + outcome.counts.unconfirmed,
        notAttempted: counts.notAttempted + outcome.counts.notAttempted,
      },
      rejectedReasons,
      stopReason,
      batchesFinished,
      phase: run.staged && batchesFinished === run.batchesTotal ? 'finishing' : run.phase,
    });
  }

  async recordWaiting(manager: EntityManager, { runId, waiting }: RunWaitingV1): Promise<void> {
    const run = await this.runs.findForUpdate(manager, runId);
    if (run === null || run.finishedAt !== null) return;
    await this.changeRun.execute(manager, run, { waiting });
  }

  /** Rows that were not attempted although nobody stopped the run: what the sink says about it is why the run fails. */
  private stopReasonOf({ error, counts }: BatchFinishedV1) {
    return error !== null && counts.notAttempted > 0 ? runReason(error.code, error.detail) : null;
  }
}
