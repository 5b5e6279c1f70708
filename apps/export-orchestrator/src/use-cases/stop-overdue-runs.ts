import { runStoppedV1 } from '@courier/contracts';
import { type Clock } from '@courier/kernel';
import { Outbox } from '@courier/messaging';
import { inTrace } from '@courier/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { afterEndOfBatches } from '../domain/ended-batches';
import type { RunRecord } from '../domain/run';
import { runReason } from '../domain/run-reasons';
import { CLOCK } from '../ports/clock';
import { BatchStore } from '../ports/batch-store';
import { RunStore } from '../ports/run-store';
import { Settings } from '../ports/settings';
import { ChangeRun } from './change-run';

/** How long a stopped run waits for the sink to give its batches back, or to be finished, before it is ended without. */
const PATIENCE_MS = 3_600_000;

/** Ends runs that are past their deadline: at once where nothing was announced, else when the sink has given every batch back. */
@Injectable()
export class StopOverdueRuns {
  constructor(
    private readonly dataSource: DataSource,
    private readonly runs: RunStore,
    private readonly batches: BatchStore,
    private readonly changeRun: ChangeRun,
    private readonly outbox: Outbox,
    private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    const stopMs = this.clock.now().getTime() - this.settings.runDeadlineHours * 3_600_000;
    const giveUpBefore = new Date(stopMs - PATIENCE_MS);
    const failures: unknown[] = [];
    for (const { id } of await this.runs.findOverdue(this.dataSource.manager, { stopBefore: new Date(stopMs), giveUpBefore })) {
      await this.end(id, giveUpBefore).catch((error: unknown) => failures.push(error));
    }
    // One that cannot be ended must not keep the others from their end.
    if (failures.length > 0) throw failures[0];
  }

  private async end(id: string, giveUpBefore: Date): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const run = await this.runs.findForUpdate(manager, id);
      if (run !== null && run.finishedAt === null)
        await inTrace(run.traceparent, () => this.bringToEnd(manager, run, giveUpBefore));
    });
  }

  private async bringToEnd(manager: EntityManager, run: RunRecord, giveUpBefore: Date): Promise<void> {
    const isHopeless = run.createdAt < giveUpBefore;
    if (isHopeless && run.stopReason !== null) return this.giveUp(manager, run);
    // One whose batches all have their outcome is as good as finished.
    if (run.stopReason === null && (isHopeless || run.phase !== 'finishing')) return this.stop(manager, run);
  }

  /** The sink does not answer, or the end itself fails: a run must not hold its list for ever. */
  private async giveUp(manager: EntityManager, run: RunRecord): Promise<void> {
    if (run.phase === 'finishing') {
      await this.changeRun.execute(manager, run, { status: 'failed', reason: run.stopReason });
      return;
    }
    const ended = await this.batches.endOpen(manager, run.id);
    await this.changeRun.execute(manager, run, afterEndOfBatches({ ...run, staged: true }, ended));
  }

  private async stop(manager: EntityManager, run: RunRecord): Promise<void> {
    const waited = run.waiting === null ? '' : `; it was waiting (${run.waiting.reason})`;
    const reason = runReason('deadline_exceeded', `not finished after ${this.settings.runDeadlineHours} hours${waited}`);
    if (run.plan === null) {
      await this.changeRun.execute(manager, run, { status: 'failed', reason });
      return;
    }
    if (run.resends !== null) {
      // The sink knows the first run alone, and what it has not told of is no part of this one.
      const ended = { staged: true, batchesTotal: run.batchesFinished, phase: 'finishing' as const };
      await this.changeRun.execute(manager, run, { stopReason: reason, ...ended });
      return;
    }
    await this.changeRun.execute(manager, run, { stopReason: reason });
    const { id: runId, exportId, connectionId } = run;
    const stoppedAt = this.clock.now().toISOString();
    await this.outbox.append(manager, runStoppedV1, { runId, exportId, connectionId, reason: reason.code, stoppedAt });
  }
}
