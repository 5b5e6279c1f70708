import type { Run } from '@courier/contracts';
import { NotYet, until } from '@courier/testing';
import { expect } from '@jest/globals';
import { call, createConnection, createExport, finished, firstRunOf, readRun } from './api';
import { expectedCounts, generate, refresh, sampleMapping } from './segment';
import { control, SimulatedAccount } from './simulator';

/** The most that the simulator takes: retries never use such a fault up, `letKlaviyoWork` lifts it. */
const UNTIL_LIFTED = 1_000_000;
/** Of a machine four times slower than a usual one. */
const HELD_MAX_MS = 300_000;
const ENDED_MAX_MS = 400_000;

export const quickJobs = { queueDelayMs: 200, msPerThousand: 20, stuck: false };

/** Takes every fault back: what one spec has left must not fail the next. */
export async function letKlaviyoWork(): Promise<void> {
  await control('DELETE', 'faults');
  await control('PUT', 'job-rules', quickJobs);
}

/** One account, one export and one run of it, up to what must be true of it whatever happened meanwhile. */
export class Journey {
  runId = '';

  private constructor(
    readonly account: SimulatedAccount,
    readonly segment: Awaited<ReturnType<typeof generate>>,
    readonly exportId: string,
  ) {}

  static async prepare(people: number): Promise<Journey> {
    const account = await SimulatedAccount.create();
    const segment = await generate({ people, duplicates: Math.round(people / 50) });
    const { id: connectionId } = await createConnection(account.apiKey);
    const fields = { connectionId, listId: account.listId, segmentIds: [segment.entity], mapping: sampleMapping };
    const { id } = await createExport(fields);
    return new Journey(account, segment, id);
  }

  async begin(): Promise<void> {
    await refresh(this.segment);
    this.runId = (await firstRunOf(this.exportId)).id;
  }

  /** Klaviyo takes one import, keeps it queued, and for now refuses every other, or leaves it without an answer. */
  async holdAfterFirstImport(how: object = { kind: 'status', status: 503 }): Promise<void> {
    await control('PUT', 'job-rules', { stuck: 'queued' });
    await this.account.fault({ operation: 'bulk_import_profiles', after: 1, times: UNTIL_LIFTED, ...how });
  }

  /** One batch is accepted, at least two are not sent yet. */
  async untilHeld(): Promise<void> {
    const look = async () => {
      const [{ batches, status, waiting }, jobs] = await Promise.all([readRun(this.runId), this.account.jobs()]);
      return (batches.total >= 3 && jobs.length === 1) || new NotYet({ status, batches, waiting, jobs: jobs.length });
    };
    await until(() => look().catch((error: unknown) => new NotYet(error)), HELD_MAX_MS);
  }

  release(): Promise<void> {
    return letKlaviyoWork();
  }

  /**
   * Exactly the valid, distinct people are on the list, every count is right, and every batch was confirmed by jobs of its own.
   * `overlaps`: imports that Klaviyo may have taken twice, because their caller was stopped or killed with the call under way.
   */
  async endsWell({ overlaps = 0, timeoutMs = ENDED_MAX_MS } = {}): Promise<Run> {
    const run = await finished(this.runId, timeoutMs);
    expect(run).toMatchObject({ status: 'completed_with_errors', counts: expectedCounts(this.segment) });
    expect(await this.account.members()).toEqual([...this.segment.validEmails()].sort());
    const jobs = new Map((await this.account.jobs()).map((job) => [job.id, job]));
    const path = `/v1/runs/${run.id}/batches`;
    const { body } = await call<{ items: { rows: number; accepted: number; jobIds: string[] }[] }>(
      'export-orchestrator',
      'GET',
      path,
    );
    const confirmed = body.items.flatMap(({ jobIds }) => jobIds);
    expect(new Set(confirmed).size).toBe(confirmed.length);
    for (const { rows, accepted, jobIds } of body.items) {
      expect(accepted).toBe(rows);
      const counts = jobIds.map((id) => jobs.get(id)).map((job) => (job?.status === 'complete' ? job.totalCount : -1));
      expect(counts).toEqual([rows]);
    }
    expect(jobs.size - confirmed.length).toBeLessThanOrEqual(overlaps);
    return run;
  }
}
