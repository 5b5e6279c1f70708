import type { RunRecord, RunSnapshot } from './run';

/** The newest snapshot of each segment. */
export function newestOfEach(snapshots: readonly RunSnapshot[]): RunSnapshot[] {
  const newest = new Map<string, RunSnapshot>();
  for (const snapshot of snapshots) {
    const known = newest.get(snapshot.segmentId);
    if (known === undefined || isOlder(known, snapshot)) newest.set(snapshot.segmentId, snapshot);
  }
  return [...newest.values()];
}

/** The place of a snapshot among those of its segment. */
export type SnapshotAge = Pick<RunSnapshot, 'era' | 'sequence'>;

function isOlder(one: SnapshotAge, other: SnapshotAge): boolean {
  const eras = (one.era ?? 0) - (other.era ?? 0);
  return eras < 0 || (eras === 0 && one.sequence < other.sequence);
}

/** These snapshots, each with the word whether it is the newest of its segment. */
export function markNewest(snapshots: readonly RunSnapshot[], newest: readonly RunSnapshot[]): RunSnapshot[] {
  return snapshots.map((one) => ({ ...one, isNewest: newest.some((other) => isSame(one, other)) }));
}

function isSame(one: RunSnapshot, other: RunSnapshot): boolean {
  return one.segmentId === other.segmentId && one.refreshId === other.refreshId && one.sequence === other.sequence;
}

/** Why a replay would bring old values back; null when nothing newer was delivered. */
export function staleness(run: Pick<RunRecord, 'snapshots'>, delivered: ReadonlyMap<string, SnapshotAge>): string | null {
  for (const snapshot of run.snapshots) {
    const { segmentId, sequence } = snapshot;
    const newer = delivered.get(segmentId);
    if (newer !== undefined && isOlder(snapshot, newer)) {
      return `sequence ${newer.sequence} of ${segmentId} was delivered, and the replay has ${sequence}`;
    }
  }
  return null;
}

/** Whether a replay of what is unfinished alone has something to do: the earlier run has ended, and not well. */
export function isWorthRepeating(earlier: RunRecord | null): boolean {
  if (earlier === null) return true;
  if (earlier.status === 'skipped') return earlier.reason?.code !== 'stale_snapshot';
  return earlier.status === 'failed' || earlier.status === 'canceled';
}
