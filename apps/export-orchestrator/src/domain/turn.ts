import type { KnownConnection } from './export';
import { upstreamCode } from './refresh';
import type { RunRecord } from './run';

export interface TurnInput {
  run: RunRecord;
  connection: KnownConnection | null;
  /** Segments of the awaited workflow job that have reported, with the newest result of each. */
  reported: { segmentId: string; result: string }[];
  now: Date;
  dependencyWaitMinutes: number;
}

export type Turn =
  | { kind: 'ready'; accountId: string; profileLimit: number }
  | { kind: 'wait'; reason: string; until: Date | null }
  | { kind: 'skip'; code: 'dependency_timeout' | 'upstream_failed' | 'upstream_skipped' | 'permission_lost'; detail: string };

/** Whether a queued run may begin, apart from the question of whether its list is free. */
export function turnOf({ run, connection, reported, now, dependencyWaitMinutes }: TurnInput): Turn {
  if (connection?.state === 'removed') {
    return { kind: 'skip', code: 'permission_lost', detail: 'the connection was removed' };
  }
  if (run.awaitedJob) {
    const failed = reported.find(({ result }) => result !== 'successful');
    if (failed) {
      const code = upstreamCode(failed.result);
      return { kind: 'skip', code, detail: `the refresh of ${failed.segmentId} ended as ${failed.result}` };
    }
    const missing = run.awaitedJob.segmentIds.filter((id) => !reported.some(({ segmentId }) => segmentId === id));
    const until = new Date(run.createdAt.getTime() + dependencyWaitMinutes * 60_000);
    if (missing.length > 0 && now >= until) {
      return {
        kind: 'skip',
        code: 'dependency_timeout',
        detail: `no word of ${missing.join(', ')} after ${dependencyWaitMinutes} minutes`,
      };
    }
    if (missing.length > 0) return { kind: 'wait', reason: 'dependencies_refreshing', until };
  }
  if (connection === null || connection.state === 'verifying')
    return { kind: 'wait', reason: 'connection_verifying', until: null };
  if (connection.state === 'needs_attention') return { kind: 'wait', reason: 'connection_needs_attention', until: null };
  if (connection.accountId === null) return { kind: 'wait', reason: 'connection_verifying', until: null };
  return { kind: 'ready', accountId: connection.accountId, profileLimit: connection.profileLimit };
}
