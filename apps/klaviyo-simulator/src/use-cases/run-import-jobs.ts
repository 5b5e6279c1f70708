import { randomUUID } from 'node:crypto';
import type { Account } from '../domain/account';
import type { ImportJob } from '../domain/import-job';
import type { ImportRequest } from '../domain/import-request';
import { isPhoneNumber } from '../domain/profile-rules';
import type { ProfileRow } from '../domain/profile-store';
import type { World } from '../domain/world';

const ROWS_PER_STEP = 1000;
/** How often a job that is held back looks again whether it still is. */
const HELD_POLL_MS = 25;

interface Work {
  account: Account;
  job: ImportJob;
  rows: ProfileRow[];
  seenEmails: Set<string>;
  stored: number[];
}

interface Arrival {
  dueAt: number;
  account: Account;
  listIds: readonly string[];
  profiles: readonly number[];
}

/** Moves accepted jobs from queued to complete. Time comes from the caller: `advance` does what is due and says when to come again. */
export class RunImportJobs {
  private readonly works = new Map<string, Work>();
  private arrivals: Arrival[] = [];

  constructor(private readonly world: World) {}

  start(account: Account, job: ImportJob): void {
    this.works.set(job.id, { account, job, rows: [], seenEmails: new Set(), stored: [] });
  }

  advance(now: number): number | null {
    for (const work of this.works.values()) {
      const forgotten = this.world.accounts.get(work.account.id) !== work.account;
      if (!forgotten && work.job.dueAt <= now) this.step(work, now);
      if (forgotten || !work.job.active) this.works.delete(work.job.id);
    }
    const due = this.arrivals.filter((arrival) => arrival.dueAt <= now);
    if (due.length > 0) this.arrivals = this.arrivals.filter((arrival) => arrival.dueAt > now);
    for (const arrival of due) join(arrival, now);
    const times = [...[...this.works.values()].map((work) => work.job.dueAt), ...this.arrivals.map((arrival) => arrival.dueAt)];
    return times.length > 0 ? Math.min(...times) : null;
  }

  private step(work: Work, now: number): void {
    const { job } = work;
    const rules = this.world.jobRules;
    if (rules.stuck === job.status) {
      job.dueAt = now + HELD_POLL_MS;
      return;
    }
    if (job.status === 'queued') {
      if (rules.cancelled) return job.become('cancelled', now);
      const request = JSON.parse(job.body?.toString('utf8') ?? '') as ImportRequest;
      work.rows = request.data.attributes.profiles.data;
      job.become('processing', now);
    } else {
      const end = Math.min(work.rows.length, job.processed + ROWS_PER_STEP);
      for (let row = job.processed; row < end; row += 1) this.importRow(work, row, now);
      job.processed = end;
      if (end === work.rows.length) return this.finish(work, now);
    }
    const next = Math.min(ROWS_PER_STEP, work.rows.length - job.processed);
    job.dueAt += (rules.msPerThousand * next) / ROWS_PER_STEP;
  }

  private importRow(work: Work, index: number, now: number): void {
    const { account, job } = work;
    const { knobs, jobRules } = this.world;
    let row = work.rows[index];
    if (!row) return;
    const email = typeof row.attributes['email'] === 'string' ? row.attributes['email'].toLowerCase() : null;
    const repeated = email !== null && work.seenEmails.has(email);
    if (email !== null) work.seenEmails.add(email);
    if (repeated) job.duplicates += 1;
    if (repeated && knobs.duplicateRows === 'keep_first') return;
    const byRule = jobRules.failEvery > 0 && (index + 1) % jobRules.failEvery === 0;
    if (byRule || (email !== null && jobRules.failEmails.has(email))) {
      return fail(work, index, { code: 'invalid', detail: 'The profile could not be imported.' });
    }
    const phone = row.attributes['phone_number'];
    if (typeof phone === 'string' && !isPhoneNumber(phone)) {
      if (knobs.badPhoneBesideEmail === 'import_error')
        return fail(work, index, { code: 'invalid', detail: 'Invalid phone number format.' });
      row = { ...row, attributes: { ...row.attributes, phone_number: null } };
    }
    const result = account.profiles.upsert(row, now, knobs.identifierConflict);
    if (result.kind === 'failed') return fail(work, index, result);
    work.stored.push(result.index);
  }

  private finish({ account, job, stored }: Work, now: number): void {
    const arrival = { dueAt: now + this.world.knobs.membershipDelayMs, account, listIds: job.listIds, profiles: stored };
    if (arrival.dueAt > now) this.arrivals.push(arrival);
    else join(arrival, now);
    job.become('complete', now);
  }
}

function join({ account, listIds, profiles }: Arrival, now: number): void {
  for (const id of listIds) for (const profile of profiles) account.lists.get(id)?.join(profile, now);
}

function fail({ job, rows }: Work, row: number, { code, detail }: { code: string; detail: string }): void {
  const failed = rows[row];
  const payload = { id: failed?.id ?? null, attributes: failed?.attributes ?? {} };
  job.errors.push({ id: randomUUID(), code, detail, row, payload });
}
