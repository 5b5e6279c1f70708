import { batchRequestedV1, type RunReason } from '@courier/contracts';
import { AppError, type Clock, derivedId } from '@courier/kernel';
import { Outbox } from '@courier/messaging';
import type { Lease } from '@courier/persistence';
import { inSpan } from '@courier/telemetry';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { BatchRecord } from '../domain/batch';
import { batchRequest } from '../domain/batch-request';
import { afterEndOfBatches } from '../domain/ended-batches';
import { noCounts, type RunRecord } from '../domain/run';
import { runReason } from '../domain/run-reasons';
import { runAttributes } from '../domain/trace-attributes';
import type { Plan, PlanOutcome, StagedBatch } from '../planner/protocol';
import { BatchStore } from '../ports/batch-store';
import { CLOCK } from '../ports/clock';
import { Planner } from '../ports/planner';
import { RunStore } from '../ports/run-store';
import { BeginRun, type BegunRun } from './begin-run';
import { ChangeRun } from './change-run';
import { RecordOutcome } from './record-outcome';

/** The staging lib's code, and the reason that the run shows. */
const NO_ROOM = 'staging_full';

/**
 * Plans one run and announces its batches while they are staged. What the plan found is written before the first batch is announced,
 * under the lease: a crash before that plans anew, one after it only goes on staging.
 */
@Injectable()
export class PlanRun {
  private readonly logger = new Logger(PlanRun.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly beginRun: BeginRun,
    private readonly runs: RunStore,
    private readonly batches: BatchStore,
    private readonly planner: Planner,
    private readonly changeRun: ChangeRun,
    private readonly recordOutcome: RecordOutcome,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** False when it is not the run's turn. */
  async execute(lease: Lease, runId: string): Promise<boolean> {
    const begun = await this.beginRun.execute(lease, runId);
    if (begun === null) return false;
    const { run } = begun;
    const attributes = { ...runAttributes(run), 'courier.run.attempt': run.attempt };
    await inSpan('plan run', { attributes, parent: run.traceparent }, () => this.plan(lease, begun));
    return true;
  }

  private async plan(lease: Lease, { run, profileLimit }: BegunRun): Promise<void> {
    const { id: runId } = run;
    const known = run.plan === null ? [] : await this.batches.findOfRun(this.dataSource.manager, runId);
    const stagedNumbers = known.filter(({ status }) => status !== 'planned').map(({ number }) => number);
    if (run.plan !== null && stagedNumbers.length === known.length) {
      // Only the last word was missing; the snapshots may be gone by now and are not needed.
      await this.underLease(lease, runId, (manager, current) => this.markStaged(manager, current));
      return;
    }
    const { attempt, mapping, snapshots, ledger, plan } = run;
    const planning = this.planner.plan(
      {
        runId,
        attempt,
        kind: 'full',
        mapping,
        profileLimit,
        snapshots,
        ledger,
        resume: plan === null ? null : { plan, stagedNumbers },
      },
      {
        onFrozen: (frozen) => this.freeze(lease, run, frozen),
        onStaged: (batch) => this.announce(lease, run, batch),
      },
      lease.signal,
    );
    const outcome = await planning.catch(async (error: unknown) => {
      if (error instanceof AppError && error.code === NO_ROOM) await this.waitForRoom(lease, runId);
      throw error;
    });
    await this.end(lease, runId, outcome);
  }

  /** Until the next try, which comes by itself. */
  private async waitForRoom(lease: Lease, runId: string): Promise<void> {
    const waiting = { reason: NO_ROOM, since: this.clock.now().toISOString(), until: null };
    await this.underLease(lease, runId, async (manager, run) => void (await this.changeRun.execute(manager, run, { waiting })));
  }

  private async freeze(lease: Lease, { id, attempt }: RunRecord, plan: Plan): Promise<void> {
    await this.underLease(lease, id, async (manager, run) => {
      await this.changeRun.execute(manager, run, {
        phase: 'delivering',
        status: plan.batches.length > 0 ? 'running' : run.status,
        plan: plan.object,
        invalidRows: plan.invalid,
        counts: { ...noCounts, ...plan.counts },
        invalidReasons: plan.invalidReasons as Record<string, number>,
        warnings: plan.warnings,
        batchesTotal: plan.batches.length,
      });
      await this.batches.insertPlanned(
        manager,
        plan.batches.map((batch) => plannedBatch(id, attempt, batch)),
      );
    });
  }

  private async announce(lease: Lease, { id, attempt }: RunRecord, staged: StagedBatch): Promise<void> {
    const batchId = derivedId('batch', id, attempt, staged.number);
    await this.underLease(lease, id, async (manager, run) => {
      const { number, rows, object } = staged;
      const at = this.clock.now();
      await this.batches.announce(manager, batchId, { object, at });
      const request = batchRequest(run, { id: batchId, attempt, number, operation: 'upsert', rows, object }, at);
      await this.outbox.append(manager, batchRequestedV1, request);
      const { exportId, connectionId } = run;
      const facts = {
        runId: id,
        exportId,
        connectionId,
        batchId,
        batchNumber: staged.number,
        rows: staged.rows,
        bytes: staged.bytes,
      };
      this.logger.log('Batch announced', facts);
      const parked = await this.batches.takeParkedOutcome(manager, batchId);
      if (parked !== null) await this.recordOutcome.apply(manager, run, parked);
    });
  }

  private async end(lease: Lease, runId: string, outcome: PlanOutcome): Promise<void> {
    await this.underLease(lease, runId, async (manager, run) => {
      if (outcome.kind === 'planned') return this.markStaged(manager, run);
      if (outcome.kind === 'over_limit') return this.skipOverLimit(manager, run, outcome);
      const reason = runReason(outcome.code, outcome.detail);
      if (run.plan !== null) return this.giveUpStaging(manager, run, reason);
      await this.changeRun.execute(manager, run, { status: 'failed', reason });
    });
  }

  /** Never truncated: the run shows whom it would have sent, which rows are nobody, and that it attempted nobody. */
  private async skipOverLimit(
    manager: EntityManager,
    run: RunRecord,
    { people, limit, counts, invalid, invalidReasons }: Extract<PlanOutcome, { kind: 'over_limit' }>,
  ): Promise<void> {
    const detail = `${people} people, and the connection's profile limit is ${limit}; nothing was sent`;
    await this.changeRun.execute(manager, run, {
      status: 'skipped',
      reason: runReason('profile_limit_exceeded', detail),
      counts: { ...noCounts, ...counts, notAttempted: counts.toAdd + counts.toChange },
      invalidRows: invalid,
      invalidReasons: invalidReasons as Record<string, number>,
    });
  }

  private async markStaged(manager: EntityManager, run: RunRecord): Promise<void> {
    const done = run.batchesFinished === run.batchesTotal;
    const waiting = run.waiting?.reason === NO_ROOM ? null : run.waiting;
    await this.changeRun.execute(manager, run, { staged: true, phase: done ? 'finishing' : run.phase, waiting });
  }

  /** Batches that were announced still bring their outcomes; the others will never be sent. */
  private async giveUpStaging(manager: EntityManager, run: RunRecord, reason: RunReason): Promise<void> {
    const ended = await this.batches.endPlanned(manager, run.id);
    const stopped = afterEndOfBatches({ ...run, stopReason: run.stopReason ?? reason, staged: true }, ended);
    await this.changeRun.execute(manager, run, stopped);
  }

  private async underLease(
    lease: Lease,
    runId: string,
    work: (manager: EntityManager, run: RunRecord) => Promise<void>,
  ): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await lease.assertHeld(manager);
      const run = await this.runs.findForUpdate(manager, runId);
      // Its deadline may have ended it, or its batches, while the planner was at work.
      if (run === null || run.staged || run.finishedAt !== null) throw new AppError('run_ended', 'the run has ended meanwhile');
      await work(manager, run);
    });
  }
}

function plannedBatch(runId: string, attempt: number, batch: { number: number; rows: number; bytes: number }): BatchRecord {
  return {
    id: derivedId('batch', runId, attempt, batch.number),
    runId,
    attempt,
    ...batch,
    operation: 'upsert',
    status: 'planned',
    object: null,
    accepted: 0,
    rejected: 0,
    unconfirmed: 0,
    notAttempted: 0,
    rejectedReasons: {},
    results: null,
    jobIds: [],
    attempts: 0,
    error: null,
  };
}
