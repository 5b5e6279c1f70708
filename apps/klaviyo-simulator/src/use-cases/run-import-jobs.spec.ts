import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Account } from '../domain/account';
import type { ImportJob } from '../domain/import-job';
import type { List } from '../domain/list';
import { World } from '../domain/world';
import { AcceptImportJob } from './accept-import-job';
import { RunImportJobs } from './run-import-jobs';

describe('RunImportJobs', () => {
  let world: World;
  let account: Account;
  let list: List;
  let jobs: RunImportJobs;
  let accept: AcceptImportJob;
  let now: number;

  const submit = (attributes: object[], listIds = ['LST001']): ImportJob => {
    const data = attributes.map((row) => ({ type: 'profile', attributes: row }));
    const relationships = { lists: { data: listIds.map((id) => ({ type: 'list', id })) } };
    const body = { data: { type: 'profile-bulk-import-job', attributes: { profiles: { data } }, relationships } };
    const job = accept.execute({ account, body: Buffer.from(JSON.stringify(body)), now });
    jobs.start(account, job);
    return job;
  };
  const runUntil = (end: number) => {
    for (let next = jobs.advance(now); next !== null && next <= end; next = jobs.advance(now)) now = Math.max(now, next);
    now = end;
    jobs.advance(now);
  };
  const people = (count: number) => Array.from({ length: count }, (_, i) => ({ email: `p${i}@x.org` }));

  beforeEach(() => {
    world = new World({ accounts: [{ id: 'ACC001', lists: [{ id: 'LST001', name: 'Newsletter' }] }] });
    account = world.accounts.get('ACC001') as Account;
    list = account.lists.get('LST001') as List;
    jobs = new RunImportJobs(world);
    accept = new AcceptImportJob(world);
    now = 100_000;
    world.jobRules = { ...world.jobRules, queueDelayMs: 500, msPerThousand: 100 };
  });

  it('goes from queued over processing to complete at the configured speed', () => {
    const job = submit(people(2500));
    runUntil(100_499);
    expect(job).toMatchObject({ status: 'queued', processed: 0, startedAt: null });
    runUntil(100_500);
    expect(job).toMatchObject({ status: 'processing', processed: 0, startedAt: 100_500 });
    runUntil(100_600);
    expect(job).toMatchObject({ status: 'processing', processed: 1000 });
    runUntil(100_750);
    expect(job).toMatchObject({ status: 'complete', processed: 2500, failedCount: 0, completedAt: 100_750 });
    expect(list.count).toBe(2500);
    expect(job.body).toBeNull();
  });

  it('keeps the time of the first joining when somebody is imported again', () => {
    submit([{ email: 'a@x.org' }]);
    runUntil(101_000);
    const joined = [...list.joinedAt];
    submit([{ email: 'A@X.ORG' }]);
    runUntil(200_000);
    expect(list.joinedAt).toEqual(joined);
    expect(account.profiles.count).toBe(1);
  });

  it('turns rows into import errors by rule and imports the others', () => {
    world.jobRules = { ...world.jobRules, failEmails: new Set(['p1@x.org']), failEvery: 4 };
    const job = submit(people(9));
    runUntil(110_000);
    expect(job).toMatchObject({ status: 'complete', processed: 9, failedCount: 3 });
    expect(job.errors.map((error) => error.payload.attributes['email'])).toEqual(['p1@x.org', 'p3@x.org', 'p7@x.org']);
    expect(list.count).toBe(6);
  });

  it('drops repeated rows of one job without failing them', () => {
    const job = submit([
      { email: 'a@x.org', title: '1' },
      { email: 'A@x.org', title: '2' },
    ]);
    runUntil(110_000);
    expect(job).toMatchObject({ status: 'complete', totalCount: 2, failedCount: 0, duplicates: 1 });
    expect(account.profiles.at(0).fields).toBe('{"title":"1"}');
  });

  it('drops a bad phone number beside a good e-mail, or fails the row where the knob says so', () => {
    submit([{ email: 'a@x.org', phone_number: 'x' }]);
    runUntil(110_000);
    expect(account.profiles.at(0)).toMatchObject({ email: 'a@x.org', phone: null });
    world.knobs.badPhoneBesideEmail = 'import_error';
    const job = submit([{ email: 'b@x.org', phone_number: 'x' }]);
    runUntil(120_000);
    expect(job.failedCount).toBe(1);
    expect(account.profiles.findEmail('b@x.org')).toBeNull();
  });

  it('holds jobs while they are stuck and lets them go on afterwards', () => {
    world.jobRules = { ...world.jobRules, stuck: 'processing' };
    const job = submit(people(10));
    runUntil(130_000);
    expect(job.status).toBe('processing');
    world.jobRules = { ...world.jobRules, stuck: false };
    runUntil(131_000);
    expect(job.status).toBe('complete');
  });

  it('cancels queued jobs where told, importing nobody', () => {
    world.jobRules = { ...world.jobRules, cancelled: true };
    const job = submit(people(10));
    runUntil(110_000);
    expect(job).toMatchObject({ status: 'cancelled', processed: 0 });
    expect(account.profiles.count).toBe(0);
  });

  it('shows members later than the end of the job where membership is delayed', () => {
    world.knobs.membershipDelayMs = 5000;
    const job = submit(people(3));
    runUntil(101_000);
    expect(job.status).toBe('complete');
    expect(list.count).toBe(0);
    runUntil(110_000);
    expect(list.count).toBe(3);
  });

  it('forgets the jobs of a world that was reset', () => {
    const job = submit(people(3));
    world.reset();
    expect(jobs.advance(now + 10_000)).toBeNull();
    expect(job.status).toBe('queued');
  });

  it('drops jobs seven days after their creation', () => {
    submit(people(1));
    const week = 7 * 24 * 60 * 60 * 1000;
    expect(account.liveJobs(100_000 + week - 1, world.knobs.jobLifetimeMs)).toHaveLength(1);
    expect(account.liveJobs(100_000 + week, world.knobs.jobLifetimeMs)).toHaveLength(0);
  });
});
