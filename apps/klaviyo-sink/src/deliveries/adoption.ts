import type { ImportJob } from '../klaviyo';

/** An import call whose answer we do not have. */
export interface Intent {
  submissionId: string;
  listId: string;
  rows: number;
  startedAt: Date;
  /** False for a call in flight and for an earlier lost one whose rows were sent again: it may own a job, but does not look for it. */
  looking: boolean;
}

/** Klaviyo's clock and ours differ, its times are whole seconds, and a call may commit long after it began. */
const EARLIER_MS = 10_000;
const LATER_MS = 60_000;

/**
 * Which unknown job belongs to which lost call. Full batches all look alike, so a job is adopted only when it fits one intent and
 * that intent fits one job; everything else is sent again, which is harmless.
 * @returns submission id to job
 */
export function adoptableJobs(intents: readonly Intent[], unknownJobs: readonly ImportJob[]): Map<string, ImportJob> {
  const adopted = new Map<string, ImportJob>();
  for (const intent of intents) {
    if (!intent.looking) continue;
    const jobs = unknownJobs.filter((job) => fits(intent, job));
    const job = jobs[0];
    if (job === undefined || jobs.length > 1) continue;
    if (intents.filter((other) => fits(other, job)).length === 1) adopted.set(intent.submissionId, job);
  }
  return adopted;
}

function fits(intent: Intent, job: ImportJob): boolean {
  if (job.createdAt === null) return false;
  const lateByMs = job.createdAt.getTime() - intent.startedAt.getTime();
  return (
    job.totalCount === intent.rows &&
    job.listIds?.length === 1 &&
    job.listIds[0] === intent.listId &&
    lateByMs >= -EARLIER_MS &&
    lateByMs <= LATER_MS
  );
}

/** How far back the newest jobs have to be read. */
export function oldestUsefulJob(intents: readonly Pick<Intent, 'startedAt'>[]): Date {
  return new Date(Math.min(...intents.map((intent) => intent.startedAt.getTime())) - EARLIER_MS);
}

/** How far back calls have to be known: an older one may own a job that was created no earlier than `job`. */
export function oldestPossibleOwner(job: Date): Date {
  return new Date(job.getTime() - LATER_MS);
}
