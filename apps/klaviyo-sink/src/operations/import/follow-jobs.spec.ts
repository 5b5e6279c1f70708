import { Logger } from '@nestjs/common';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Submission, SubmissionEnd } from '../../deliveries/submission';
import type { BatchObjects } from '../../deliveries/batch-objects';
import type { DeliveryStore } from '../../deliveries/delivery-store';
import type { LeasedWrites } from '../../accounts/leased-writes';
import { FollowJobs } from './follow-jobs';
import type { Settings } from '../../settings';
import type { OwnedAccount } from '../../accounts/owned-account';
import type { UseCredential } from '../../connections/use-credential';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

const settings = { batchesInMemoryMax: 1 } as Settings;

/** Follows one accepted job that Klaviyo does not know, except while it is listed as running. */
function follower() {
  let nowMs = 1_700_000_000_000;
  let running: string[] = [];
  const ends: SubmissionEnd[] = [];
  const submission = { id: 'S1', rows: 5, jobId: 'J1' } as Submission;
  const deliveries = {
    findAccepted: () => Promise.resolve([submission]),
    end: (_manager: unknown, _id: string, end: SubmissionEnd) => Promise.resolve(ends.push(end)),
  };
  const useCase = new FollowJobs(
    deliveries as unknown as DeliveryStore,
    {} as BatchObjects,
    { write: (_lease: unknown, work: (manager: null) => Promise<unknown>) => work(null) } as unknown as LeasedWrites,
    { open: () => Promise.resolve({}) } as unknown as UseCredential,
    settings,
    { now: () => new Date(nowMs) },
  );
  const session = {
    ended: new AbortController().signal,
    readPages: () => Promise.resolve({ kind: 'ok', value: { items: running, complete: true } }),
    read: () => Promise.resolve({ kind: 'not_found' }),
  };
  const round = () => useCase.execute({ key: 'ACC', session } as unknown as OwnedAccount);
  return {
    ends,
    async rounds(count: number, everyMs: number): Promise<void> {
      for (let done = 0; done < count; done += 1) {
        await round();
        nowMs += everyMs;
      }
    },
    async seenRunning(): Promise<void> {
      running = ['J1'];
      await round();
      running = [];
    },
  };
}

beforeAll(() => Logger.overrideLogger(false));

describe('an accepted job that Klaviyo does not know', () => {
  it('is not given up within three minutes, however often it is looked for', async () => {
    const { ends, rounds } = follower();
    await rounds(100, SECOND_MS);
    expect(ends).toEqual([]);
  });

  it('is given up when it stays unknown', async () => {
    const { ends, rounds } = follower();
    await rounds(6, MINUTE_MS);
    expect(ends).toMatchObject([{ counts: { unconfirmed: 5 }, error: { code: 'job_expired' } }]);
  });

  it('is not given up when it was seen meanwhile', async () => {
    const { ends, rounds, seenRunning } = follower();
    await rounds(4, MINUTE_MS);
    await seenRunning();
    await rounds(1, MINUTE_MS);
    expect(ends).toEqual([]);
  });
});

describe('an accepted job that has left the running ones', () => {
  it.each(['queued', 'processing', 'a_new_word', null])('has not ended while its status is %j', async (status) => {
    const ends: SubmissionEnd[] = [];
    const useCase = new FollowJobs(
      {
        findAccepted: () => Promise.resolve([{ id: 'S1', rows: 1, ranges: [[0, 0]], jobId: 'J1' }]),
        end: (_manager: unknown, _id: string, end: SubmissionEnd) => Promise.resolve(ends.push(end)),
      } as unknown as DeliveryStore,
      {} as BatchObjects,
      { write: (_lease: unknown, work: (manager: null) => Promise<unknown>) => work(null) } as unknown as LeasedWrites,
      { open: () => Promise.resolve({}) } as unknown as UseCredential,
      settings,
      { now: () => new Date() },
    );
    const follow = (read: string | null) => {
      const job = { id: 'J1', status: read, totalCount: 1, completedCount: 1, failedCount: 0 };
      const session = {
        ended: new AbortController().signal,
        readPages: () => Promise.resolve({ kind: 'ok', value: { items: [], complete: true } }),
        read: () => Promise.resolve({ kind: 'ok', value: job }),
      };
      return useCase.execute({ key: 'ACC', session } as unknown as OwnedAccount);
    };
    expect(await follow(status)).toEqual({ ended: 0 });
    expect(ends).toEqual([]);
    expect(await follow('complete')).toEqual({ ended: 1 });
    expect(ends).toMatchObject([{ counts: { accepted: 1 } }]);
  });
});

describe('jobs whose import errors are to be matched', () => {
  it('are not more at a time over all accounts than there may be batches in memory', async () => {
    const ended: string[] = [];
    const useCase = new FollowJobs(
      {
        findAccepted: (key: string) => Promise.resolve([{ id: key, rows: 1, ranges: [[0, 0]], jobId: 'J1' }]),
        end: (_manager: unknown, id: string) => Promise.resolve(ended.push(id)),
      } as unknown as DeliveryStore,
      { load: () => Promise.resolve({ email: () => 'a@x.de' }), writePart: () => Promise.resolve({}) } as unknown as BatchObjects,
      { write: (_lease: unknown, work: (manager: null) => Promise<unknown>) => work(null) } as unknown as LeasedWrites,
      { open: () => Promise.resolve({}) } as unknown as UseCredential,
      settings,
      { now: () => new Date() },
    );
    const job = { id: 'J1', status: 'complete', totalCount: 1, failedCount: 1 };
    const errors = { items: [{ code: 'invalid', detail: '', email: 'a@x.de' }], complete: true };
    const follow = (key: string, errorsRead: Promise<void>) => {
      const readPages = ({ bucket }: { bucket: string }) =>
        bucket === 'jobs'
          ? Promise.resolve({ kind: 'ok', value: { items: [], complete: true } })
          : errorsRead.then(() => ({ kind: 'ok', value: errors }));
      const read = () => Promise.resolve({ kind: 'ok', value: job });
      const session = { ended: new AbortController().signal, readPages, read };
      return useCase.execute({ key, session } as unknown as OwnedAccount);
    };

    const { promise: errorsRead, resolve: letRead } = Promise.withResolvers<void>();
    const slow = follow('slow', errorsRead);
    expect(await follow('other', Promise.resolve())).toEqual({ ended: 0 });
    expect(ended).toEqual([]);
    letRead();
    expect(await slow).toEqual({ ended: 1 });
    expect(await follow('other', Promise.resolve())).toEqual({ ended: 1 });
    expect(ended).toEqual(['slow', 'other']);
  });
});
