import { describe, expect, it } from '@jest/globals';
import { adoptableJobs, type Intent } from './adoption';
import type { ImportJob } from '../klaviyo/import-job';

const at = (seconds: number) => new Date(1_700_000_000_000 + seconds * 1_000);

function intent(submissionId: string, changed: Partial<Intent> = {}): Intent {
  return { submissionId, listId: 'L1', rows: 10_000, startedAt: at(0), looking: true, ...changed };
}

function job(id: string, changed: Partial<ImportJob> = {}): ImportJob {
  const counts = { totalCount: 10_000, completedCount: null, failedCount: null };
  return { id, status: 'queued', createdAt: at(1), listIds: ['L1'], ...counts, ...changed };
}

const adopted = (intents: Intent[], jobs: ImportJob[]) =>
  [...adoptableJobs(intents, jobs)].map(([submission, { id }]) => [submission, id]);

describe('the job of a lost call', () => {
  it('is adopted when one job and one call fit each other', () => {
    expect(adopted([intent('s1')], [job('j1'), job('j2', { totalCount: 9 })])).toEqual([['s1', 'j1']]);
  });

  it('is not guessed when two jobs fit', () => {
    expect(adopted([intent('s1')], [job('j1'), job('j2')])).toEqual([]);
  });

  it('is not guessed when two calls fit, the other one being in flight or lost earlier', () => {
    expect(adopted([intent('s1'), intent('s2', { looking: false })], [job('j1')])).toEqual([]);
  });

  it.each([
    ['of another list', { listIds: ['L2'] }],
    ['whose lists are not known', { listIds: null }],
    ['of two lists', { listIds: ['L1', 'L2'] }],
    ['of another size', { totalCount: 9_999 }],
    ['from before the call', { createdAt: at(-60) }],
    ['from long after the call', { createdAt: at(600) }],
  ] as [string, Partial<ImportJob>][])('is none %s', (_name, changed) => {
    expect(adopted([intent('s1')], [job('j1', changed)])).toEqual([]);
  });

  it('is found for each of two calls of different sizes', () => {
    const intents = [intent('s1'), intent('s2', { rows: 7 })];
    expect(adopted(intents, [job('j7', { totalCount: 7 }), job('j1')])).toEqual([
      ['s1', 'j1'],
      ['s2', 'j7'],
    ]);
  });
});
