import type { RunReason } from '@courier/contracts';
import { AppError, type Clock } from '@courier/kernel';
import type { Lease } from '@courier/persistence';
import { ledgerPath } from '@courier/staging';
import { inSpan } from '@courier/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BatchRecord } from '../domain/batch';
import type { RunRecord } from '../domain/run';
import { runReason } from '../domain/run-reasons';
import { resultOf } from '../domain/run-result';
import { runAttributes } from '../domain/trace-attributes';
import { BatchStore } from '../ports/batch-store';
import { CLOCK } from '../ports/clock';
import { LedgerStore } from '../ports/ledger-store';
import { Planner } from '../ports/planner';
import { RunStore } from '../ports/run-store';
import { Settings } from '../ports/settings';
import { ChangeRun } from './change-run';
import { ReflectOnExport } from './reflect-on-export';

/** The planner's code, and the reason that the run shows. */
const LEDGER_UNREADABLE = 'ledger_unreadable';

/** Books a run's confirmed people in the ledger and gives the run its end. */
@Injectable()
export class FinishRun {
  constructor(
    private readonly dataSource: DataSource,
    private readonly runs: RunStore,
    private readonly batches: BatchStore,
    private readonly ledgers: LedgerStore,
    private readonly planner: Planner,
    private readonly changeRun: ChangeRun,
    private readonly reflectOnExport: ReflectOnExport,
    private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(lease: Lease, runId: string): Promise<void> {
    const run = await this.runs.find(this.dataSource.manager, runId);
    if (run === null || run.phase !== 'finishing' || run.finishedAt !== null) return;
    await inSpan('finish run', { attributes: runAttributes(run), parent: run.traceparent }, () => this.finish(lease, run));
  }

  private async finish(lease: Lease, run: RunRecord): Promise<void> {
    const { id: runId } = run;
    const batches = await this.batches.findOfRun(this.dataSource.manager, runId);
    const merging = batches.some(touchesLedger) ? this.merge(lease, run, batches) : Promise.resolve(null);
    const merged = await merging.catch((error: unknown) => this.unreadable(run, error));
    await this.dataSource.transaction(async (transaction) => {
      await lease.assertHeld(transaction);
      const current = await this.runs.findForUpdate(transaction, runId);
      // A replay may have learned of another batch meanwhile.
      if (current === null || current.phase !== 'finishing' || current.finishedAt !== null) return;
      if (merged !== null && 'object' in merged && !(await this.ledgers.advance(transaction, ledgerKey(current), merged))) {
        throw new AppError('ledger_moved', 'another run moved the ledger meanwhile', { retryable: true });
      }
      const result = resultOf(current.counts, merged !== null && 'code' in merged ? merged : current.stopReason);
      await this.changeRun.execute(transaction, current, result);
      await this.reflectOnExport.execute(transaction, current, result);
    });
  }

  private async merge(lease: Lease, run: RunRecord, batches: BatchRecord[]) {
    if (run.plan === null) throw new AppError('plan_missing', 'a run with batches has no plan');
    const seen = await this.ledgers.find(this.dataSource.manager, ledgerKey(run));
    const version = (seen?.version ?? 0) + 1;
    const { ledger, people } = await this.planner.mergeLedger(
      {
        runId: run.id,
        attempt: run.attempt,
        ledger: seen?.object ?? null,
        plan: run.plan,
        batches: batches.filter(touchesLedger).map((batch) => ({
          number: batch.number,
          results: batch.results,
          ...(batch.results === null && batch.accepted === 0 ? { allNotAccepted: true } : {}),
        })),
        runSeq: Number(run.age),
        sentAt: (run.startedAt ?? this.clock.now()).toISOString(),
        // The lease's token makes the name new for every try: objects are written once.
        target: ledgerPath(run.exportId, `${version}-${run.id}-${lease.token}`),
      },
      lease.signal,
    );
    return { seen: seen?.version ?? 0, object: ledger, people };
  }

  /**
   * What the run shows instead of booking its people. What may pass is tried again until the run's deadline: a run without an end
   * would hold its list.
   */
  private unreadable(run: RunRecord, error: unknown): RunReason {
    if (!(error instanceof AppError) || error.code !== LEDGER_UNREADABLE) throw error;
    const deadlineMs = run.createdAt.getTime() + this.settings.runDeadlineHours * 3_600_000;
    if (error.retryable && this.clock.now().getTime() < deadlineMs) throw error;
    return runReason(LEDGER_UNREADABLE, error.message);
  }
}

/** A batch that was never attempted says nothing about its people. */
function touchesLedger(batch: BatchRecord): boolean {
  return batch.notAttempted < batch.rows;
}

function ledgerKey(run: RunRecord) {
  return { exportId: run.exportId, accountId: run.accountId ?? '', listId: run.listId };
}
