import { type BatchFinishedV1, resentRunId, type RunReplayedV1, type RunWaitingV1 } from '@courier/contracts';
import { type Clock } from '@courier/kernel';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { lateRun, resentBatch, resentRun, withResent } from '../domain/resent-run';
import type { RunRecord } from '../domain/run';
import { BatchStore } from '../ports/batch-store';
import { CLOCK } from '../ports/clock';
import { RunStore } from '../ports/run-store';
import { ChangeRun } from './change-run';
import { RecordOutcome } from './record-outcome';

export type RecordedResent = 'recorded' | 'known' | 'run_unknown';

/**
 * An operator let the sink send batches again. What becomes of them is a run of its own, so that the first one stays as it was; it
 * begins with the first word about it and ends when the sink has said how many there are and each of them has its outcome.
 */
@Injectable()
export class RecordResent {
  constructor(
    private readonly runs: RunStore,
    private readonly batches: BatchStore,
    private readonly changeRun: ChangeRun,
    private readonly recordOutcome: RecordOutcome,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async outcome(manager: EntityManager, outcome: BatchFinishedV1, epoch: number): Promise<RecordedResent> {
    const run = await this.open(manager, outcome.runId, epoch);
    if (run === null) return 'run_unknown';
    if (run.finishedAt === null) return this.book(manager, run, outcome);
    // Its dead letter was retried after all that the replay knew of had ended.
    return outcome.attempts > 0 ? this.late(manager, outcome, epoch) : 'known';
  }

  private async book(manager: EntityManager, run: RunRecord, outcome: BatchFinishedV1): Promise<RecordedResent> {
    const batch = resentBatch(run.id, outcome, await this.batches.find(manager, outcome.batchId));
    if (run.finishedAt !== null || (await this.batches.find(manager, batch.id)) !== null) return 'known';
    await this.batches.insertPlanned(manager, [batch]);
    await this.recordOutcome.apply(manager, { ...run, counts: withResent(run.counts, batch) }, { ...outcome, batchId: batch.id });
    return 'recorded';
  }

  /** What came of a batch after its run had counted it as not attempted, or a replay of it had ended without it. */
  async late(manager: EntityManager, outcome: BatchFinishedV1, epoch = 0): Promise<RecordedResent> {
    const original = await this.runs.findForUpdate(manager, outcome.runId);
    if (original === null) return 'run_unknown';
    if ((await this.batches.find(manager, outcome.deliveryId)) !== null) return 'known';
    const planned = lateRun(original, { deliveryId: outcome.deliveryId, epoch }, this.clock.now());
    if (!(await this.changeRun.create(manager, planned))) return 'known';
    const run = await this.runs.findForUpdate(manager, planned.id);
    return run === null ? 'run_unknown' : this.book(manager, run, outcome);
  }

  /** How much there is; outcomes may have come before. */
  async announced(manager: EntityManager, { runId, epoch, batches, actor, reason }: RunReplayedV1): Promise<RecordedResent> {
    const run = await this.open(manager, runId, epoch);
    if (run === null) return 'run_unknown';
    // More than before where dead letters were retried one by one.
    if (run.finishedAt !== null || (run.staged && batches <= run.batchesTotal)) return 'known';
    await this.changeRun.execute(manager, run, {
      replay: { epoch, reason, actor, force: false },
      startedBy: actor,
      batchesTotal: batches,
      staged: true,
      phase: run.batchesFinished === batches ? 'finishing' : 'delivering',
    });
    return 'recorded';
  }

  async waiting(manager: EntityManager, { runId, waiting }: RunWaitingV1, epoch: number): Promise<RecordedResent> {
    const run = await this.open(manager, runId, epoch);
    if (run === null) return 'run_unknown';
    if (run.finishedAt !== null) return 'known';
    await this.changeRun.execute(manager, run, { waiting });
    return 'recorded';
  }

  /** Null where the first run is not known: the database was restored, and the first run is made again from its refresh. */
  private async open(manager: EntityManager, originalId: string, epoch: number): Promise<RunRecord | null> {
    // The first run's row is locked, so that two words about the same replay make one run.
    const original = await this.runs.findForUpdate(manager, originalId);
    if (original === null) return null;
    await this.changeRun.create(manager, resentRun(original, epoch, this.clock.now()));
    return this.runs.findForUpdate(manager, resentRunId(originalId, epoch));
  }
}
