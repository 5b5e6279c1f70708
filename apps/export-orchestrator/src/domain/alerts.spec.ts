import { describe, expect, it } from '@jest/globals';
import { alertsOfRun } from './alerts';
import { noCounts } from './run';
import { runReason } from './run-reasons';

const counts = { ...noCounts, snapshotRows: 1_000, toAdd: 1_000, accepted: 1_000 };
const run = (
  status: 'failed' | 'skipped' | 'succeeded' | 'completed_with_errors' | 'superseded' | 'running',
  code: string | null = null,
  lost = 0,
) => ({
  status,
  reason: code === null ? null : runReason(code, 'why'),
  counts: { ...counts, accepted: counts.accepted - lost, rejected: lost },
});
const kinds = (given: Parameters<typeof alertsOfRun>[0]) => {
  const { raise, clear } = alertsOfRun(given);
  return { raise: raise.map(({ kind }) => kind), clear };
};

describe('the alerts of a run', () => {
  it.each([
    ['failed for good', run('failed', 'snapshot_missing'), ['run_failed'], ['run_skipped']],
    ['skipped because of upstream', run('skipped', 'upstream_failed'), ['run_skipped'], []],
    ['skipped over the limit', run('skipped', 'profile_limit_exceeded'), ['run_skipped'], []],
    ['skipped as an old one', run('skipped', 'stale_snapshot'), [], []],
    ['superseded', run('superseded'), [], []],
    ['under way', run('running'), [], []],
    ['done', run('succeeded'), [], ['run_failed', 'run_skipped', 'run_partly_failed']],
    ['done but for a few', run('completed_with_errors', null, 9), [], ['run_failed', 'run_skipped', 'run_partly_failed']],
    ['done but for many', run('completed_with_errors', null, 10), ['run_partly_failed'], ['run_failed', 'run_skipped']],
  ])('that is %s', (_what, given, raise, clear) => {
    expect(kinds(given)).toEqual({ raise, clear });
  });

  it('count who was lost', () => {
    expect(alertsOfRun(run('completed_with_errors', null, 20)).raise[0]?.reason.detail).toMatch(/^20 of 1000 rows/);
  });
});
