import { topics } from '@courier/contracts';
import { type Clock } from '@courier/kernel';
import { type Replay, Replays } from '@courier/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type ExportRecord, hasConnection } from '../domain/export';
import { newRun } from '../domain/new-run';
import {
  assessRefresh,
  awaitedJobOf,
  type HeardRefresh,
  type RefreshAssessment,
  type RefreshRecord,
  runIdsOf,
  snapshotOf,
  toRefreshRecord,
} from '../domain/refresh';
import { isWorthRepeating, newestOfEach } from '../domain/replay';
import type { RunSnapshot } from '../domain/run';
import { runReason } from '../domain/run-reasons';
import { CLOCK } from '../ports/clock';
import { ExportStore } from '../ports/export-store';
import { RefreshStore } from '../ports/refresh-store';
import { RunStore } from '../ports/run-store';
import { Settings } from '../ports/settings';
import { ChangeRun } from './change-run';
import { findFirstRun } from './find-first-run';

/**
 * A refresh that an operator lets be read again: a full run of every active export that uses its segment. The runs wait until the
 * whole range was read (BeginRun), so that of several refreshes of one export only the last run remains.
 */
@Injectable()
export class ReplayRefresh {
  constructor(
    private readonly replays: Replays,
    private readonly exports: ExportStore,
    private readonly refreshes: RefreshStore,
    private readonly runs: RunStore,
    private readonly changeRun: ChangeRun,
    private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(manager: EntityManager, heard: HeardRefresh): Promise<RefreshRecord> {
    const replay = await this.replays.find(manager, topics.segmentRefreshes.name, heard.epoch);
    // How old it is matters only when its run begins: another one may be delivered until then.
    const known = { environmentId: this.settings.environmentId, newestSequence: null };
    const assessment = assessRefresh(heard.data, known);
    const era = await this.refreshes.eraOf(manager, heard, heard.data.segment.id);
    const runIds: string[] = [];
    if (assessment.kind !== 'ignored') {
      const found = (await this.exports.findActiveBySegment(manager, heard.data.segment.id)).filter(hasConnection);
      await this.runs.lockStarts(
        manager,
        found.map(({ id }) => id),
      );
      for (const exported of found) {
        const id = await this.startRun(manager, exported, { heard, assessment, replay, era });
        if (id !== null) runIds.push(id);
      }
    }
    const refresh = toRefreshRecord(heard, assessment, { runIds, receivedAt: this.clock.now(), era });
    await this.refreshes.insert(manager, refresh);
    return refresh;
  }

  private async startRun(
    manager: EntityManager,
    exported: ExportRecord & { connectionId: string },
    {
      heard,
      assessment,
      replay,
      era,
    }: { heard: HeardRefresh; assessment: RefreshAssessment; replay: Replay | null; era: number },
  ): Promise<string | null> {
    const skipped = assessment.kind === 'skip_runs' ? runReason(assessment.code, assessment.detail) : null;
    const earlier = await findFirstRun(this.runs, manager, exported.id, heard);
    if (replay?.unfinishedOnly === true && !isWorthRepeating(earlier)) return null;
    const { shared, own } = runIdsOf(exported.id, heard);
    const id = skipped === null ? shared : own;
    const waiting = skipped === null ? await this.supersede(manager, exported.id, id) : [];
    const snapshots = newestOfEach([...waiting, ...(skipped === null ? [snapshotOf(heard.data, era)] : [])]);
    const created = await this.changeRun.create(
      manager,
      newRun(exported, {
        id,
        trigger: 'replay',
        createdAt: this.clock.now(),
        startedBy: replay?.actor ?? null,
        awaitedJob: skipped === null ? awaitedJobOf(heard.data, exported) : null,
        skipped,
        replay: {
          of: earlier?.id ?? null,
          as: {
            epoch: heard.epoch,
            reason: replay?.reason ?? null,
            actor: replay?.actor ?? null,
            force: replay?.force ?? false,
          },
          snapshots,
        },
      }),
    );
    // Another segment of the same workflow job was here first.
    if (!created && skipped === null) await this.bind(manager, id, snapshots);
    return id;
  }

  /** A replay that waits would send what this one sends as well; what it was bound to goes on to this one. */
  private async supersede(manager: EntityManager, exportId: string, id: string): Promise<RunSnapshot[]> {
    const bound: RunSnapshot[] = [];
    for (const older of await this.runs.findQueuedReplays(manager, { exportId })) {
      if (older.id === id || older.replay?.epoch === 0) continue;
      bound.push(...older.snapshots);
      await this.changeRun.execute(manager, older, { status: 'superseded' });
    }
    return bound;
  }

  private async bind(manager: EntityManager, id: string, snapshots: RunSnapshot[]): Promise<void> {
    const run = await this.runs.findForUpdate(manager, id);
    if (run === null || run.status !== 'queued') return;
    await this.changeRun.execute(manager, run, { snapshots: newestOfEach([...run.snapshots, ...snapshots]) });
  }
}
