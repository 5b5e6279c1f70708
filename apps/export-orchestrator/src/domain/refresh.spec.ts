import type { SegmentRefreshedV1 } from '@courier/contracts';
import { describe, expect, it } from '@jest/globals';
import { assessRefresh, refreshKey } from './refresh';

const event: SegmentRefreshedV1 = {
  environmentId: 'dev',
  segment: { id: 'High' },
  refresh: { id: 'r1', result: 'successful' },
  sequence: 5,
  snapshot: { format: 'cdm-csv', partitions: [], compression: 'none', rowCount: 0 },
};
const known = { environmentId: 'dev', newestSequence: 4 };

describe('assessRefresh', () => {
  it('uses a refresh that is newer than any other', () => {
    expect(assessRefresh(event, known)).toEqual({ kind: 'usable' });
    expect(assessRefresh(event, { ...known, newestSequence: null })).toEqual({ kind: 'usable' });
  });

  it('ignores one of another environment', () => {
    expect(assessRefresh({ ...event, environmentId: 'prod' }, known)).toEqual({
      kind: 'ignored',
      reason: 'environment_mismatch',
    });
  });

  it.each([5, 6])('skips the runs of a sequence that is not above %d', (newestSequence) => {
    expect(assessRefresh(event, { ...known, newestSequence })).toMatchObject({ kind: 'skip_runs', code: 'stale_snapshot' });
  });

  it.each([
    ['failed', 'upstream_failed'],
    ['skipped', 'upstream_skipped'],
  ])('skips the runs of a refresh that ended as %s', (result, code) => {
    expect(assessRefresh({ ...event, refresh: { id: 'r1', result } }, known)).toMatchObject({ kind: 'skip_runs', code });
  });
});

describe('refreshKey', () => {
  it('is the workflow job where that names its segments, so that one job makes one run', () => {
    const job = (segment: string, id: string) => ({
      ...event,
      segment: { id: segment },
      refresh: { id, result: 'successful', workflowJobId: 'j', segmentIds: ['High', 'Low'] },
    });
    expect(refreshKey(job('High', 'r1'))).toBe(refreshKey(job('Low', 'r2')));
  });

  it('is the refresh itself otherwise', () => {
    expect(refreshKey(event)).not.toBe(refreshKey({ ...event, refresh: { id: 'r2', result: 'successful' } }));
  });
});
