import { describe, expect, it } from '@jest/globals';
import { type RunRecord } from './run';
import { nextLine } from './run-story';
import { newRun } from './new-run';

const exported = { id: 'export', connectionId: 'connection', listId: 'list', mapping: { email: 'Email' } };
const start = { id: 'run', trigger: 'manual', createdAt: new Date(0), startedBy: null, awaitedJob: null, skipped: null };

function run(change: Partial<RunRecord> = {}): RunRecord {
  const planned = newRun(exported as Parameters<typeof newRun>[0], start as Parameters<typeof newRun>[1]);
  return { ...planned, sequence: '1', traceparent: null, ...change };
}

const plan = { uri: 'x', sha256: 'y', bytes: 1 } as unknown as RunRecord['plan'];
const waiting = { reason: 'list_busy', since: '', until: null };
const reason = { code: 'deadline_exceeded', detail: '', remedy: '' } as RunRecord['reason'];

describe("a run's story", () => {
  it.each<[string, RunRecord | null, RunRecord]>([
    ['Run created', null, run()],
    ['Run waits', run(), run({ waiting })],
    ['Run waits no longer', run({ waiting }), run()],
    ['Run is being planned', run({ waiting }), run({ status: 'planning', attempt: 1 })],
    ['Run planned', run({ status: 'planning', attempt: 1 }), run({ status: 'running', attempt: 1, plan })],
    ['Run is stopped', run({ status: 'running' }), run({ status: 'running', stopReason: reason })],
    ['Run has all its outcomes', run({ status: 'running' }), run({ status: 'running', phase: 'finishing' })],
    ['Run changed', run({ status: 'running' }), run({ status: 'canceling' })],
    ['Run finished', run({ status: 'running' }), run({ status: 'succeeded' })],
    ['Run finished', null, run({ status: 'skipped', reason })],
  ])('says "%s" with the ids of run, export and connection', (text, before, after) => {
    expect(nextLine(before, after)).toEqual({
      text,
      facts: expect.objectContaining({ runId: 'run', exportId: 'export', connectionId: 'connection' }),
    });
  });

  it('says nothing of a change that is no step', () => {
    expect(nextLine(run({ batchesFinished: 1 }), run({ batchesFinished: 2 }))).toBeNull();
  });

  it('ends with the status, its reason and the counts', () => {
    expect(nextLine(run(), run({ status: 'failed', reason }))?.facts).toMatchObject({
      ...{ status: 'failed', code: 'deadline_exceeded' },
      ...{ accepted: 0, rejected: 0, unconfirmed: 0, notAttempted: 0 },
    });
  });
});
