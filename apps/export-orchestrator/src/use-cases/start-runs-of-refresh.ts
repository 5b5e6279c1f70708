import { type Clock } from '@courier/kernel';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type ExportRecord, hasConnection } from '../domain/export';
import { newRun } from '../domain/new-run';
import {
  assessRefresh,
  awaitedJobOf,
  type HeardRefresh,
  type RefreshAssessment,
  isStale,
  type RefreshRecord,
  refreshRowId,
  runIdsOf,
  type SegmentSequence,
  toRefreshRecord,
} from '../domain/refresh';
import { runReason } from '../domain/run-reasons';
import { CLOCK } from '../ports/clock';
import { ExportStore } from '../ports/export-store';
import { RefreshStore } from '../ports/refresh-store';
import { RunStore } from '../ports/run-store';
import { Settings } from '../ports/settings';
import { ChangeRun } from './change-run';
import { TellAlerts } from './tell-alerts';

/** Remembers a refresh and starts a run of every active export that uses its segment, in the record's transaction. */
@Injectable()
export class StartRunsOfRefresh {
  private readonly logger = new Logger(StartRunsOfRefresh.name);

  constructor(
    private readonly exports: ExportStore,
    private readonly refreshes: RefreshStore,
    private readonly runs: RunStore,
    private readonly changeRun: ChangeRun,
    private readonly alerts: TellAlerts,
    private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Null where the refresh was heard of before, and starts nothing: the inbox forgets events sooner than upstream may send them again. */
  async execute(manager: EntityManager, heard: HeardRefresh): Promise<RefreshRecord | null> {
    const { data } = heard;
    const known = await this.refreshes.lockSequence(manager, data.segment.id);
    if (await this.refreshes.isKnown(manager, refreshRowId(heard, heard.epoch))) return null;
    const { environmentId } = this.settings;
    const assessment = assessRefresh(data, { environmentId, newestSequence: known.newest });
    const runIds = assessment.kind === 'ignored' ? [] : await this.startRuns(manager, heard, assessment);
    const refresh = toRefreshRecord(heard, assessment, { runIds, receivedAt: this.clock.now(), era: known.era });
    await this.refreshes.insert(manager, refresh);
    if (assessment.kind !== 'ignored') await this.watchSequence(manager, refresh, { known, isStale: isStale(assessment) });
    if (runIds.length === 0) this.tell(heard, { reason: refresh.reason });
    return refresh;
  }

  private async watchSequence(
    manager: EntityManager,
    { segmentId, sequence, runIds }: RefreshRecord,
    { known, isStale }: { known: SegmentSequence; isStale: boolean },
  ): Promise<void> {
    const staleInARow = isStale ? known.staleInARow + 1 : 0;
    if (staleInARow !== known.staleInARow) await this.refreshes.keepStaleInARow(manager, segmentId, staleInARow);
    const { newest } = known;
    await this.alerts.ofSequence(manager, segmentId, { staleInARow, newest, sequence, isUsed: runIds.length > 0 });
  }

  private async startRuns(manager: EntityManager, heard: HeardRefresh, assessment: RefreshAssessment): Promise<string[]> {
    const found = (await this.exports.findActiveBySegment(manager, heard.data.segment.id)).filter(hasConnection);
    // Another segment's refresh may come at this moment, and neither would see the run that the other one starts.
    await this.runs.lockStarts(
      manager,
      found.map(({ id }) => id),
    );
    const runIds: string[] = [];
    for (const exported of found) {
      runIds.push(await this.startRun(manager, exported, heard, assessment));
    }
    return runIds;
  }

  private async startRun(
    manager: EntityManager,
    exported: ExportRecord & { connectionId: string },
    heard: HeardRefresh,
    assessment: RefreshAssessment,
  ): Promise<string> {
    const skipped = assessment.kind === 'skip_runs' ? runReason(assessment.code, assessment.detail) : null;
    const id = await this.runIdOf(manager, exported.id, heard, { isSkipped: skipped !== null });
    const awaitedJob = skipped === null ? awaitedJobOf(heard.data, exported) : null;
    const start = { id, trigger: 'refresh' as const, createdAt: this.clock.now(), startedBy: null, awaitedJob, skipped };
    this.tell(heard, { runId: id, exportId: exported.id, reason: skipped?.code ?? null });
    const created = await this.changeRun.create(manager, newRun(exported, start));
    if (created && skipped === null) await this.supersedeOlder(manager, id);
    return id;
  }

  private async runIdOf(
    manager: EntityManager,
    exportId: string,
    heard: HeardRefresh,
    { isSkipped }: { isSkipped: boolean },
  ): Promise<string> {
    const { shared, own } = runIdsOf(exportId, heard);
    // A skipped refresh must not take the id of the run that its workflow job makes.
    if (isSkipped) return own;
    const known = await this.runs.findForUpdate(manager, shared);
    // Superseded, out of time or under way without this segment: nobody would send what the refresh brings.
    return known === null || known.status === 'queued' ? shared : own;
  }

  private tell({ data }: HeardRefresh, about: { runId?: string; exportId?: string; reason: string | null }): void {
    const { segment, refresh, sequence } = data;
    this.logger.log('Refresh heard', { ...about, segmentId: segment.id, refreshId: refresh.id, sequence });
  }

  /** A run that waits for its turn would send what the newer one sends as well. */
  private async supersedeOlder(manager: EntityManager, id: string): Promise<void> {
    const run = await this.runs.findForUpdate(manager, id);
    if (run === null) return;
    for (const older of await this.runs.findQueuedBefore(manager, run)) {
      if (older.trigger === 'refresh') await this.changeRun.execute(manager, older, { status: 'superseded' });
    }
  }
}
