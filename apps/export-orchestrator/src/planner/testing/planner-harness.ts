import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { StagedObjectRef } from '@courier/contracts';
import { decodeBatch, StagingArea, StagingKey } from '@courier/staging';
import { mergeLedger } from '../merge-ledger';
import { PlannerProcess, type PlanListener } from '../planner-process';
import { makePrivateFolder, removePrivateFolder } from '../private-folder';
import type { InvalidRow, MergedLedger, MergeJob, Plan, PlanJob, PlanOutcome, PlanPhase, StagedBatch } from '../protocol';
import { runPlan } from '../run-plan';
import type { SnapshotFolder } from './snapshot-folder';

// Runs plans and reads what they staged, for specs.

export interface Ran {
  outcome: PlanOutcome;
  frozen: Plan[];
  staged: StagedBatch[];
  phases: PlanPhase[];
}

type Work = (job: PlanJob, listener: PlanListener) => Promise<PlanOutcome>;

const recorded =
  (work: Work) =>
  async (job: PlanJob): Promise<Ran> => {
    const ran: Omit<Ran, 'outcome'> = { frozen: [], staged: [], phases: [] };
    const outcome = await work(job, {
      onProgress: (phase) => void ran.phases.push(phase),
      onFrozen: async (frozen) => void ran.frozen.push(frozen),
      onStaged: async (batch) => void ran.staged.push(batch),
    });
    return { outcome, ...ran };
  };

/** The whole way, through a child process. */
export const plan = recorded((job, listener) => new PlannerProcess().runPlan(job, listener, new AbortController().signal));

/** The child's side alone, in this process: for specs of what a plan says. */
export const planHere = recorded((job, listener) => inPrivateFolder(job.privateDir, (folder) => runPlan(job, folder, listener)));

export const mergeHere = (job: MergeJob): Promise<MergedLedger> =>
  inPrivateFolder(job.privateDir, (folder) => mergeLedger(job, folder));

async function inPrivateFolder<T>(base: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await makePrivateFolder(base);
  try {
    return await work(folder);
  } finally {
    await removePrivateFolder(folder);
  }
}

export function planned(ran: Ran): Plan {
  if (ran.outcome.kind !== 'planned') throw new Error(`Not planned: ${JSON.stringify(ran.outcome)}`);
  return ran.outcome.plan;
}

export class Staged {
  private readonly staging: StagingArea;

  constructor(private readonly folder: SnapshotFolder) {
    this.staging = new StagingArea(folder.stagingUri, StagingKey.fromFile(folder.stagingKeyFile));
  }

  get area(): StagingArea {
    return this.staging;
  }

  async batch({ object }: StagedBatch): Promise<{ email: string; profile: unknown }[]> {
    const lines = decodeBatch(await this.staging.read(object));
    return Array.from({ length: lines.size }, (_, line) => ({
      email: lines.email(line),
      profile: JSON.parse(lines.profileJson(line)),
    }));
  }

  /** Addresses and attributes over all batches, in order. */
  async people(ran: Ran): Promise<{ email: string; attributes: Record<string, unknown> }[]> {
    const batches = await Promise.all(ran.staged.map((batch) => this.batch(batch)));
    return batches.flat().map(({ email, profile }) => {
      const { type, attributes } = profile as { type: string; attributes: Record<string, unknown> };
      if (type !== 'profile' || attributes['email'] !== email) throw new Error('A line is no profile of its address');
      return { email, attributes };
    });
  }

  async texts(batches: readonly StagedBatch[]): Promise<string[]> {
    return Promise.all(batches.map(async ({ object }) => (await this.staging.read(object)).toString('utf8')));
  }

  async invalidRows(ref: StagedObjectRef | null): Promise<InvalidRow[]> {
    if (ref === null) return [];
    const text = (await this.staging.read(ref)).toString('utf8');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line): InvalidRow => JSON.parse(line) as InvalidRow);
  }

  /** The rows of a staged Parquet object. */
  async table(ref: StagedObjectRef, query: string): Promise<unknown[][]> {
    const file = join(this.folder.base, 'table.parquet');
    writeFileSync(file, await this.staging.read(ref));
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    try {
      return (await connection.runAndReadAll(query.replace('$table', `read_parquet('${file}')`))).getRows();
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  }
}

export const privateFolders = (folder: SnapshotFolder): string[] => readdirSync(folder.privateDir);
