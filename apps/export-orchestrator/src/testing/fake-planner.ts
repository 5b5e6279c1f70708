import { createHash } from 'node:crypto';
import type { StagedObjectRef } from '@courier/contracts';
import type { MergedLedger, MergeJob, Plan, PlanJob, PlanOutcome } from '../planner/protocol';
import { Planner, type PlannerSettings, type PlanObserver } from '../ports/planner';

export type PlanStep = 'started' | 'frozen' | `staged ${number}`;

/** A planner that reads nothing: it plans what the spec says, and stops, fails or waits where the spec wants it to. */
export class FakePlanner extends Planner {
  readonly jobs: Omit<PlanJob, PlannerSettings>[] = [];
  readonly merges: Omit<MergeJob, PlannerSettings>[] = [];
  /** People of each batch of the next plan. */
  batchRows: number[] = [];
  invalid = 0;
  duplicates = 0;
  /** Called after each step: throws for a crash, answers how the plan ends, or nothing to go on. */
  after: (step: PlanStep) => PlanOutcome | undefined | Promise<PlanOutcome | undefined> = () => undefined;
  merging: () => Promise<void> = () => Promise.resolve();

  reset(): void {
    this.jobs.length = 0;
    this.merges.length = 0;
    this.batchRows = [3, 2];
    this.invalid = 0;
    this.duplicates = 0;
    this.after = () => undefined;
    this.merging = () => Promise.resolve();
  }

  async plan(job: Omit<PlanJob, PlannerSettings>, observer: PlanObserver): Promise<PlanOutcome> {
    this.jobs.push(job);
    const plan = this.planOf(job);
    const refused = await this.after('started');
    if (refused !== undefined) return refused;
    if (job.resume === null) {
      await observer.onFrozen(plan);
      const ended = await this.after('frozen');
      if (ended !== undefined) return ended;
    }
    for (const batch of plan.batches) {
      if (job.resume?.stagedNumbers.includes(batch.number)) continue;
      await observer.onStaged({ ...batch, object: stagedObject(`runs/${job.runId}/${job.attempt}/batch-${batch.number}`) });
      const ended = await this.after(`staged ${batch.number}`);
      if (ended !== undefined) return ended;
    }
    return { kind: 'planned', plan };
  }

  async mergeLedger(job: Omit<MergeJob, PlannerSettings>): Promise<MergedLedger> {
    this.merges.push(job);
    await this.merging();
    return { ledger: stagedObject(job.target), people: 7 };
  }

  sweep(): Promise<void> {
    return Promise.resolve();
  }

  private planOf({ runId, attempt }: Omit<PlanJob, PlannerSettings>): Plan {
    const toAdd = this.batchRows.reduce((sum, rows) => sum + rows, 0);
    const { invalid, duplicates } = this;
    const path = `runs/${runId}/${attempt}`;
    return {
      object: stagedObject(`${path}/plan.parquet`),
      invalid: invalid === 0 ? null : stagedObject(`${path}/invalid`),
      counts: { snapshotRows: toAdd + invalid + duplicates, duplicates, invalid, unchanged: 0, toAdd, toChange: 0 },
      invalidReasons: invalid === 0 ? {} : { email_malformed: invalid },
      warnings: [],
      batches: this.batchRows.map((rows, index) => ({ number: index + 1, rows, bytes: rows * 100 })),
    };
  }
}

/** A reference as staging gives them; nothing lies there. */
export function stagedObject(path: string): StagedObjectRef {
  return { path, sha256: createHash('sha256').update(path).digest('hex'), bytes: 100 };
}
