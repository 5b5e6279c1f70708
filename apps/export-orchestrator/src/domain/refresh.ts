import type { SegmentRefreshedV1, Snapshot } from '@courier/contracts';
import { derivedId } from '@courier/kernel';
import type { ExportRecord } from './export';
import type { AwaitedJob, RunSnapshot } from './run';

export interface HeardRefresh {
  eventId: string;
  source: string;
  /** 0 outside a replay. */
  epoch: number;
  data: SegmentRefreshedV1;
}

/** A refresh as it was heard of, with what it led to. */
export interface RefreshRecord {
  id: string;
  eventId: string;
  /** 0 as it came; N where it was read again in replay N. */
  epoch: number;
  segmentId: string;
  segmentName: string | null;
  sequence: number;
  /** How often the sequences of the segment have begun anew; those of a later era are newer, however low. */
  era: number;
  refreshId: string;
  workflowJobId: string | null;
  result: string;
  snapshot: Snapshot;
  receivedAt: Date;
  verdict: 'started' | 'recorded' | 'ignored';
  reason: string | null;
  runIds: string[];
}

/** A refresh in a list: without the parts of its snapshot, which may be many. */
export type ListedRefresh = Omit<RefreshRecord, 'snapshot'>;

/** A refresh with what its snapshot is, and the number of its parts instead of the parts. */
export type ListedSnapshot = ListedRefresh & {
  snapshot: Pick<Snapshot, 'format' | 'compression' | 'rowCount' | 'createdAt' | 'expiresAt'> & { parts: number };
};

export type RefreshAssessment =
  | { kind: 'ignored'; reason: 'environment_mismatch' }
  /** Makes a run of every export, but one that is skipped at once. */
  | { kind: 'skip_runs'; code: 'stale_snapshot' | 'upstream_failed' | 'upstream_skipped'; detail: string }
  | { kind: 'usable' };

/** What a refresh is worth, before anybody asks which exports use its segment. */
export function assessRefresh(
  event: SegmentRefreshedV1,
  known: { environmentId: string; newestSequence: number | null },
): RefreshAssessment {
  if (event.environmentId !== known.environmentId) return { kind: 'ignored', reason: 'environment_mismatch' };
  if (known.newestSequence !== null && event.sequence <= known.newestSequence) {
    const detail = `sequence ${event.sequence} is not above ${known.newestSequence}, the newest one known`;
    return { kind: 'skip_runs', code: 'stale_snapshot', detail };
  }
  if (event.refresh.result === 'successful') return { kind: 'usable' };
  const { result } = event.refresh;
  return { kind: 'skip_runs', code: upstreamCode(result), detail: `the refresh ended as ${result}` };
}

/** Why a run is skipped whose refresh did not end as `successful`. */
export function upstreamCode(result: string): 'upstream_failed' | 'upstream_skipped' {
  return result === 'skipped' ? 'upstream_skipped' : 'upstream_failed';
}

/** What identifies the runs of a refresh: its workflow job where that names its segments, else the refresh itself. */
export function refreshKey(event: SegmentRefreshedV1): string {
  const { workflowJobId, segmentIds, id } = event.refresh;
  return workflowJobId !== undefined && segmentIds !== undefined ? `job:${workflowJobId}` : `refresh:${event.segment.id}:${id}`;
}

/**
 * The runs that a refresh may make of an export: `shared` with all others of its workflow job, or `own` where it is skipped, or comes
 * when the shared one does not wait for it any more.
 */
export function runIdsOf(exportId: string, { source, eventId, epoch, data }: HeardRefresh): { shared: string; own: string } {
  return {
    shared: derivedId('run', exportId, refreshKey(data), epoch),
    own: derivedId('run', exportId, `event:${source}:${eventId}`, epoch),
  };
}

/** What is known of a segment's sequences: a refresh counts when it is above `newest`; null: any does. */
export interface SegmentSequence {
  era: number;
  newest: number | null;
  /** Refreshes that were stale since one was taken. */
  staleInARow: number;
}

export function isStale(assessment: RefreshAssessment): boolean {
  return assessment.kind === 'skip_runs' && assessment.code === 'stale_snapshot';
}

export function snapshotOf(data: SegmentRefreshedV1, era: number): RunSnapshot {
  return {
    era,
    segmentId: data.segment.id,
    refreshId: data.refresh.id,
    sequence: data.sequence,
    snapshot: data.snapshot,
  };
}

export function awaitedJobOf({ refresh }: SegmentRefreshedV1, exported: ExportRecord): AwaitedJob | null {
  const { workflowJobId, segmentIds } = refresh;
  if (workflowJobId === undefined || segmentIds === undefined) return null;
  return { workflowJobId, segmentIds: exported.segmentIds.filter((segmentId) => segmentIds.includes(segmentId)) };
}

/** A refresh as it came is epoch 0; what a replay reads again has a row of its own. */
export function refreshRowId({ source, eventId }: Pick<HeardRefresh, 'source' | 'eventId'>, epoch: number): string {
  return derivedId('refresh', source, eventId, epoch);
}

export function toRefreshRecord(
  heard: HeardRefresh,
  assessment: RefreshAssessment,
  { runIds, receivedAt, era }: { runIds: string[]; receivedAt: Date; era: number },
): RefreshRecord {
  const { data } = heard;
  return {
    id: refreshRowId(heard, heard.epoch),
    eventId: heard.eventId,
    epoch: heard.epoch,
    segmentId: data.segment.id,
    segmentName: data.segment.displayName ?? null,
    sequence: data.sequence,
    era,
    refreshId: data.refresh.id,
    workflowJobId: data.refresh.workflowJobId ?? null,
    result: data.refresh.result,
    snapshot: data.snapshot,
    receivedAt,
    verdict: assessment.kind === 'ignored' ? 'ignored' : runIds.length > 0 ? 'started' : 'recorded',
    reason: reasonOf(assessment, runIds),
    runIds,
  };
}

function reasonOf(assessment: RefreshAssessment, runIds: string[]): string | null {
  if (assessment.kind === 'ignored') return assessment.reason;
  if (assessment.kind === 'skip_runs') return assessment.code;
  return runIds.length === 0 ? 'no_active_export' : null;
}
