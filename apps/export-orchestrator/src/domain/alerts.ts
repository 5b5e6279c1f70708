import type { AlertChangedV1, RunReason } from '@courier/contracts';
import type { RunRecord } from './run';
import { isTerminal } from './run-status';

export type AlertKind = AlertChangedV1['kind'];

/** What a change says about alerts: kinds that hold now, with their reasons, and kinds that are over. */
export interface AlertNews {
  raise: { kind: AlertKind; reason: RunReason }[];
  clear: AlertKind[];
}

/** Share of a run's rows that may be lost before somebody is told. */
const PARTLY_FAILED_SHARE = 0.01;

/** Skipping that somebody should know of; a superseded refresh is everyday life. */
const alertingSkips: readonly string[] = [
  'profile_limit_exceeded',
  'upstream_failed',
  'upstream_skipped',
  'segment_inactive',
  'dependency_timeout',
  'permission_lost',
];

const nothing: AlertNews = { raise: [], clear: [] };

export function alertsOfRun(run: Pick<RunRecord, 'status' | 'reason' | 'counts'>): AlertNews {
  if (!isTerminal(run.status)) return nothing;
  const { status, reason } = run;
  if (status === 'failed' && reason !== null) return { raise: [{ kind: 'run_failed', reason }], clear: ['run_skipped'] };
  if (status === 'skipped' && reason !== null && alertingSkips.includes(reason.code)) {
    return { raise: [{ kind: 'run_skipped', reason }], clear: [] };
  }
  if (status !== 'succeeded' && status !== 'completed_with_errors') return nothing;
  const partly = partlyFailed(run);
  const over: AlertKind[] = ['run_failed', 'run_skipped'];
  return partly === null
    ? { raise: [], clear: [...over, 'run_partly_failed'] }
    : { raise: [{ kind: 'run_partly_failed', reason: partly }], clear: over };
}

/** So many in a row are no accident any more. */
const STALE_IN_A_ROW = 3;

/** What a refresh says about its segment's sequences. Where no run was skipped, no export misses anything. */
export function alertsOfSequence(
  segmentId: string,
  { staleInARow, newest, sequence, isUsed }: { staleInARow: number; newest: number | null; sequence: number; isUsed: boolean },
): AlertNews {
  if (staleInARow === 0) return { raise: [], clear: ['refreshes_stale'] };
  if (staleInARow < STALE_IN_A_ROW || !isUsed) return nothing;
  const reason = {
    code: 'refreshes_stale',
    detail: `${staleInARow} refreshes of ${segmentId} in a row were not above sequence ${newest}; the last one had ${sequence}`,
    remedy:
      'See which of the two is wrong. Where the sequence was too high, an administrator leads the segment out: ' +
      `ops segments reset-sequence ${segmentId} --reason <why>.`,
  };
  return { raise: [{ kind: 'refreshes_stale', reason }], clear: [] };
}

function partlyFailed({ counts }: Pick<RunRecord, 'counts'>): RunReason | null {
  const { snapshotRows, toRemove, invalid, rejected, unconfirmed } = counts;
  const lost = invalid + rejected + unconfirmed;
  if (lost === 0 || lost < PARTLY_FAILED_SHARE * (snapshotRows + toRemove)) return null;
  return {
    code: 'partly_failed',
    detail: `${lost} of ${snapshotRows + toRemove} rows were not delivered: ${invalid} invalid, ${rejected} rejected, ${unconfirmed} unconfirmed`,
    remedy: 'Look at the rejected profiles of the run for the reasons, and mend them at the source.',
  };
}
