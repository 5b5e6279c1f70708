import { Logger } from '@nestjs/common';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Intent } from '../../deliveries/adoption';
import type { ImportJob } from '../../klaviyo/import-job';
import type { Submission } from '../../deliveries/submission';
import type { DeliveryStore } from '../../deliveries/delivery-store';
import type { LeasedWrites } from '../../accounts/leased-writes';
import type { Settings } from '../../settings';
import { FindLostJobs } from './find-lost-jobs';
import type { OwnedAccount } from '../../accounts/owned-account';
import type { UseCredential } from '../../connections/use-credential';

const at = (seconds: number) => new Date(1_700_000_000_000 + seconds * 1_000);

const call = (submissionId: string, startedAt: Date, looking: boolean): Intent => {
  return { submissionId, listId: 'L1', rows: 10_000, startedAt, looking };
};

/** Looks for the job of one lost call among these, and tells what it did. */
async function search(looking: Intent, calls: Intent[], jobs: ImportJob[], readAlone?: ImportJob): Promise<string[]> {
  const log: string[] = [];
  const submission = { id: looking.submissionId, rows: looking.rows, sentAt: looking.startedAt, tries: 1 } as Submission;
  const deliveries = {
    findUnanswered: () => Promise.resolve([submission]),
    findIntents: (_account: string, since: Date) => Promise.resolve(calls.filter(({ startedAt }) => startedAt >= since)),
    findKnownJobs: () => Promise.resolve(new Set<string>()),
    accept: (_manager: unknown, id: string, jobId: string) => Promise.resolve(log.push(`${id} owns ${jobId}`)),
    retryLater: (_manager: unknown, id: string) => Promise.resolve(log.push(`${id} is sent again`)),
  };
  const writes = { write: (_lease: unknown, work: (manager: null) => Promise<unknown>) => work(null) };
  const credentials = { open: () => Promise.resolve({}) };
  const ended = new AbortController().signal;
  const session = {
    ended,
    readPages: () => Promise.resolve({ kind: 'ok', value: { items: jobs, complete: true } }),
    read: () => Promise.resolve({ kind: 'ok', value: readAlone }),
  };
  const useCase = new FindLostJobs(
    deliveries as unknown as DeliveryStore,
    writes as unknown as LeasedWrites,
    credentials as unknown as UseCredential,
    { triesMax: 8 } as Settings,
    { now: () => at(30) },
  );
  await useCase.execute({ key: 'ACC', session } as unknown as OwnedAccount);
  return log;
}

beforeAll(() => Logger.overrideLogger(false));

describe('the search for the job of a lost call', () => {
  const job = (createdAt: Date): ImportJob => {
    const counts = { totalCount: 10_000, completedCount: null, failedCount: null };
    return { id: 'JA', status: 'queued', createdAt, listIds: ['L1'], ...counts };
  };
  const sentLater = call('B', at(14), true);

  it('finds it when no other call may have made it', async () => {
    expect(await search(sentLater, [sentLater], [job(at(20))])).toEqual(['B owns JA']);
  });

  it.each([['listIds'], ['totalCount'], ['createdAt']] as const)('reads a job alone whose %s was not said', async (fact) => {
    const vague = { ...job(at(20)), [fact]: null };
    expect(await search(sentLater, [sentLater], [vague], job(at(20)))).toEqual(['B owns JA']);
  });

  it.each([['listIds'], ['totalCount'], ['createdAt']] as const)('guesses nothing where a job keeps its %s', async (fact) => {
    const vague = { ...job(at(20)), id: 'JB', [fact]: null };
    expect(await search(sentLater, [sentLater], [job(at(20)), vague], vague)).toEqual(['B is sent again']);
  });

  it('leaves alone a job that an earlier lost call may have made, whose rows were sent again meanwhile', async () => {
    expect(await search(sentLater, [call('A', at(0), false), sentLater], [job(at(5))])).toEqual(['B is sent again']);
  });
});
