import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runReasonCodes } from '@courier/contracts';
import { AppError } from '@courier/kernel';
import { batchPath, invalidRowsPath, planPath, stagingLimits, StagingArea, StagingKey } from '@courier/staging';
import type { StagedObjectRef } from '@courier/contracts';
import { mappedFields } from '../domain/klaviyo-profile';
import { fetchSnapshots, type VerifiedSnapshot } from './fetch-snapshots';
import { collectInvalidRows, encodeInvalidRows, type InvalidRows } from './invalid-rows';
import { createLedgerView, readLedger } from './ledger-table';
import { LockedDuckDb } from './locked-duckdb';
import { adoptLines, batchText, countKinds, cutLines, listBatches, writePlan } from './plan-lines';
import { countWarnings, parseSnapshots, selectPeople } from './plan-tables';
import type { Plan, PlanFailureCode, PlanJob, PlanOutcome, PlanPhase, StagedBatch } from './protocol';

// The child's side of a plan: verify, plan, cut, freeze, stage. Nothing is announced before all parts were verified and the plan is
// frozen: `onFrozen` returns only when its parent has made it durable.

export interface PlanEvents {
  onProgress(phase: PlanPhase, done: number, total: number): void;
  onFrozen(plan: Plan): Promise<void>;
  onStaged(batch: StagedBatch): void;
}

/** `folder` is private, empty and removed by the caller. */
export async function runPlan(job: PlanJob, folder: string, events: PlanEvents): Promise<PlanOutcome> {
  try {
    const onProgress = (done: number, total: number): void => events.onProgress('verifying', done, total);
    const snapshots = await fetchSnapshots(job, { folder, now: new Date(), onProgress });
    const database = await LockedDuckDb.open(folder, job.memoryMb, mappedFields(job.mapping).length);
    try {
      return await new Planning(job, folder, database, events).run(snapshots);
    } finally {
      database.close();
    }
  } catch (error) {
    if (error instanceof AppError && isPlanFailure(error.code))
      return { kind: 'failed', code: error.code, detail: error.message };
    throw error;
  }
}

const planFailures: readonly string[] = [...runReasonCodes.failed, 'not_supported'];
const isPlanFailure = (code: string): code is PlanFailureCode => planFailures.includes(code);

class Planning {
  private readonly staging: StagingArea;

  constructor(
    private readonly job: PlanJob,
    private readonly folder: string,
    private readonly database: LockedDuckDb,
    private readonly events: PlanEvents,
  ) {
    this.staging = new StagingArea(job.stagingUri, StagingKey.fromFile(job.stagingKeyFile));
  }

  async run(snapshots: readonly VerifiedSnapshot[]): Promise<PlanOutcome> {
    const { job, database } = this;
    const snapshotRows = snapshots.flatMap(({ parts }) => parts).reduce((sum, { rows }) => sum + rows, 0);
    const { parts, lacking } = await parseSnapshots(database, job.mapping, snapshots, this.progressByRows(snapshotRows));
    await createLedgerView(
      database,
      job.ledger === null ? null : await this.localCopy(await readLedger(this.staging, job.ledger), 'ledger.parquet'),
    );
    await selectPeople(database);
    const invalidRows = await collectInvalidRows(database, parts);
    const [people = 0] = await database.numbers('count people', 'SELECT count(*) FROM people');
    const rows = {
      snapshotRows,
      duplicates: snapshotRows - invalidRows.total - people,
      invalid: invalidRows.total,
      unchanged: 0,
    };
    if (job.resume === null && people > job.profileLimit) {
      const [toChange = 0] = await database.numbers('count known', 'SELECT count(*) FROM people WHERE known');
      const counts = { ...rows, toAdd: people - toChange, toChange };
      return { kind: 'over_limit', people, limit: job.profileLimit, counts, ...(await this.listInvalid(invalidRows)) };
    }
    const object = await this.freeze(people);
    const plan: Plan = {
      object,
      ...(await this.listInvalid(invalidRows)),
      counts: { ...rows, ...(await countKinds(database)) },
      warnings: await countWarnings(database, parts, lacking),
      batches: await listBatches(database),
    };
    if (job.resume === null) await this.events.onFrozen(plan);
    await this.stage(plan);
    return { kind: 'planned', plan };
  }

  private async listInvalid({ listed, reasons }: InvalidRows): Promise<Pick<Plan, 'invalid' | 'invalidReasons'>> {
    const { runId, attempt } = this.job;
    if (listed.length === 0) return { invalid: null, invalidReasons: reasons };
    const invalid = await this.staging.write(invalidRowsPath(runId, attempt), encodeInvalidRows(listed));
    return { invalid, invalidReasons: reasons };
  }

  /** The plan's object: written now, or the one of the interrupted run after it was found to say the same. */
  private async freeze(people: number): Promise<StagedObjectRef> {
    const { job, database, folder } = this;
    if (job.resume !== null) {
      await adoptLines(database, await this.localCopy(await this.staging.read(job.resume.plan), 'frozen.parquet'));
      return job.resume.plan;
    }
    await cutLines(database, people);
    await writePlan(database, database.file('plan.parquet'));
    return this.staging.write(planPath(job.runId, job.attempt), await readFile(join(folder, 'plan.parquet')), { coding: 'none' });
  }

  private async stage(plan: Plan): Promise<void> {
    const { job } = this;
    const staged = new Set(job.resume?.stagedNumbers ?? []);
    for (const batch of plan.batches) {
      if (staged.has(batch.number)) continue;
      const text = await batchText(this.database, batch);
      if (text.length > stagingLimits.batchBytesMax) {
        throw new AppError('staged_object_too_large', 'A batch is larger than its reader takes', { context: { ...batch } });
      }
      const object = await this.staging.write(batchPath(job.runId, job.attempt, batch.number), text);
      this.events.onStaged({ ...batch, object });
    }
  }

  private async localCopy(content: Buffer, name: string): Promise<string> {
    await writeFile(join(this.folder, name), content, { mode: 0o600 });
    return this.database.file(name);
  }

  private progressByRows(total: number): (rows: number) => void {
    let done = 0;
    return (rows) => {
      done += rows;
      this.events.onProgress('planning', done, total);
    };
  }
}
