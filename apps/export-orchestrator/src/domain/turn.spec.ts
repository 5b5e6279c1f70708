import { describe, expect, it } from '@jest/globals';
import type { KnownConnection } from './export';
import type { RunRecord } from './run';
import { turnOf } from './turn';

const connection: KnownConnection = {
  id: 'c',
  version: 1,
  state: 'connected',
  displayName: 'Shop',
  access: 'administrators',
  profileLimit: 100,
  accountId: 'ACC',
};
const createdAt = new Date('2026-11-24T02:00:00Z');
const run = { createdAt, awaitedJob: null } as RunRecord;
const waitingRun = { ...run, awaitedJob: { workflowJobId: 'job', segmentIds: ['a', 'b'] } };
const input = { run, connection, reported: [], now: new Date('2026-11-24T02:10:00Z'), dependencyWaitMinutes: 60 };

describe('turnOf', () => {
  it('lets a run with a working connection begin', () => {
    expect(turnOf(input)).toEqual({ kind: 'ready', accountId: 'ACC', profileLimit: 100 });
  });

  it.each<[string, KnownConnection | null, string]>([
    ['is not known yet', null, 'connection_verifying'],
    ['is being verified', { ...connection, state: 'verifying' }, 'connection_verifying'],
    ['needs attention', { ...connection, state: 'needs_attention' }, 'connection_needs_attention'],
  ])('waits while the connection %s', (_, known, reason) => {
    expect(turnOf({ ...input, connection: known })).toMatchObject({ kind: 'wait', reason });
  });

  it('skips a run whose connection was removed', () => {
    expect(turnOf({ ...input, connection: { ...connection, state: 'removed' } })).toMatchObject({
      kind: 'skip',
      code: 'permission_lost',
    });
  });

  it('waits for the other segments of the workflow job, but not for ever', () => {
    const reported = [{ segmentId: 'a', result: 'successful' }];
    const until = new Date('2026-11-24T03:00:00Z');
    expect(turnOf({ ...input, run: waitingRun, reported })).toEqual({ kind: 'wait', reason: 'dependencies_refreshing', until });
    expect(turnOf({ ...input, run: waitingRun, reported, now: until })).toMatchObject({
      kind: 'skip',
      code: 'dependency_timeout',
    });
  });

  it('begins once every segment of the job has reported', () => {
    const reported = ['a', 'b'].map((segmentId) => ({ segmentId, result: 'successful' }));
    expect(turnOf({ ...input, run: waitingRun, reported })).toMatchObject({ kind: 'ready' });
  });

  it('skips the run when one segment of the job failed', () => {
    const reported = [{ segmentId: 'b', result: 'failed' }];
    expect(turnOf({ ...input, run: waitingRun, reported })).toMatchObject({ kind: 'skip', code: 'upstream_failed' });
  });
});
