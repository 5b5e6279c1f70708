import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Snapshot } from '@courier/contracts';
import { type CdmEntity, readingOfFile } from '@courier/csv-records';
import { AppError } from '@courier/kernel';
import { manifestRead, readCdmEntity } from './cdm-manifest';
import { assertRoom, type FileToCopy } from './disk-room';
import { type DescribedCsv, fetchPart, type FetchedPart, type FetchWatch } from './fetch-part';
import type { PlanJob, PlannedSnapshot } from './protocol';
import { SnapshotRoots } from './snapshot-roots';

/** Rows of one plan over all its snapshots; far above a million people with all their repeats. */
const ROWS_MAX = 100_000_000;
/** Text of one plan, unpacked. What is announced without its size, or packed, must not fill the disk. */
const TEXT_BYTES_MAX = 64 * 1024 ** 3;

export interface VerifiedPart extends FetchedPart {
  segmentId: string;
  /** The part's name for people. */
  name: string;
  /** The event named its digest. */
  hasDigest: boolean;
}

export interface VerifiedSnapshot {
  segmentId: string;
  parts: VerifiedPart[];
}

export interface FetchOptions {
  folder: string;
  now: Date;
  onProgress: (done: number, total: number) => void;
}

/** Copies and verifies all parts of all snapshots, in order. Throws AppErrors whose codes are PlanFailureCodes. */
export async function fetchSnapshots(job: PlanJob, options: FetchOptions): Promise<VerifiedSnapshot[]> {
  const roots = await SnapshotRoots.of(job.snapshotRoots);
  // What was frozen before may end what it began while the snapshot was valid.
  for (const snapshot of job.snapshots) assertUsable(snapshot, job.resume === null ? options.now : null);
  const rows = job.snapshots.reduce((sum, { snapshot }) => sum + snapshot.rowCount, 0);
  if (rows > ROWS_MAX) throw new AppError('not_supported', `${rows} rows are more than one run may have (${ROWS_MAX})`);
  await assertRoom(options.folder, await filesOf(job, roots));
  const watch: FetchWatch = { onBytes: progressByBytes(job, options.onProgress), onText: textLimit() };
  const verified: VerifiedSnapshot[] = [];
  for (const [index, planned] of job.snapshots.entries()) {
    const fetch = fetchSnapshot(planned, { index, folder: options.folder, roots, watch });
    verified.push(await fetch.catch((error: unknown) => Promise.reject(expiredOr(error, planned, options.now))));
  }
  return verified;
}

/** Those that may be opened at all; the others are named when their turn comes. */
async function filesOf(job: PlanJob, roots: SnapshotRoots): Promise<FileToCopy[]> {
  const files = job.snapshots.flatMap(({ snapshot: { partitions, format, compression } }) =>
    partitions.map(async ({ uri, rows }) => {
      const path = await roots.resolve(uri, 'A part').catch(() => null);
      return path === null ? [] : [{ path, rows, format, compression }];
    }),
  );
  return (await Promise.all(files)).flat();
}

async function fetchSnapshot(
  { segmentId, snapshot }: PlannedSnapshot,
  { index, folder, roots, watch }: { index: number; folder: string; roots: SnapshotRoots; watch: FetchWatch },
): Promise<VerifiedSnapshot> {
  const { format, compression } = snapshot;
  const entity = format === 'cdm-csv' ? await manifestEntity(segmentId, snapshot, roots) : null;
  const parts: VerifiedPart[] = [];
  for (const [number, partition] of snapshot.partitions.entries()) {
    const what = `Part ${number + 1} of segment ${segmentId}`;
    const source = await roots.resolve(partition.uri, what);
    const target = join(folder, `part-${index}-${number}`);
    const described = entity === null ? null : describedCsv(entity, partition.uri);
    const fetched = await fetchPart({ source, target, partition, format, compression, described, what }, watch);
    const name = basename(fileURLToPath(partition.uri));
    parts.push({ ...fetched, segmentId, name, hasDigest: partition.sha256 !== undefined });
  }
  return { segmentId, parts };
}

/** Files that are gone from a snapshot that is past its time were removed because of that, and do not come back. */
function expiredOr(error: unknown, { snapshot }: PlannedSnapshot, now: Date): unknown {
  if (!(error instanceof AppError) || error.code !== 'snapshot_missing' || !isPast(snapshot, now)) return error;
  return new AppError('snapshot_expired', `${error.message}; its snapshot expired at ${snapshot.expiresAt}`);
}

function isPast({ expiresAt }: Snapshot, now: Date): boolean {
  return expiresAt !== undefined && new Date(expiresAt) <= now;
}

function assertUsable({ segmentId, snapshot, isNewest }: PlannedSnapshot, now: Date | null): void {
  if (now !== null && isNewest !== true && isPast(snapshot, now)) {
    throw new AppError('snapshot_expired', `The snapshot of segment ${segmentId} expired at ${snapshot.expiresAt}`);
  }
  const rows = snapshot.partitions.reduce((sum, partition) => sum + partition.rows, 0);
  if (rows !== snapshot.rowCount) {
    const detail = `The parts of segment ${segmentId} add up to ${rows} rows, the event says ${snapshot.rowCount}`;
    throw new AppError('snapshot_count_mismatch', detail);
  }
}

async function manifestEntity(segmentId: string, { manifestUri, entity }: Snapshot, roots: SnapshotRoots): Promise<CdmEntity> {
  if (manifestUri === undefined || entity === undefined) {
    throw new AppError('snapshot_unreadable', `The snapshot of segment ${segmentId} names no manifest or no entity`);
  }
  return readCdmEntity(await roots.resolve(manifestUri, `model.json of segment ${segmentId}`), entity);
}

function describedCsv(entity: CdmEntity, uri: string): DescribedCsv {
  return { columns: entity.columns, reading: manifestRead(() => readingOfFile(entity, uri)) };
}

function textLimit(): (bytes: number) => void {
  let sum = 0;
  return (bytes) => {
    sum += bytes;
    if (sum > TEXT_BYTES_MAX)
      throw new AppError('not_supported', `The snapshots hold more than the ${TEXT_BYTES_MAX} bytes that one run may have`);
  };
}

function progressByBytes(job: PlanJob, onProgress: FetchOptions['onProgress']): (bytes: number) => void {
  const partitions = job.snapshots.flatMap(({ snapshot }) => snapshot.partitions);
  const total = partitions.reduce((sum, partition) => sum + (partition.bytes ?? 0), 0);
  let done = 0;
  return (bytes) => {
    done += bytes;
    onProgress(done, Math.max(total, done));
  };
}
