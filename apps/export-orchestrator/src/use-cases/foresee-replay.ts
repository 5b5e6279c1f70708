import type { SegmentRefreshedV1 } from '@courier/contracts';
import { type Clock } from '@courier/kernel';
import type { ReplayEffect, ReplayQuestion } from '@courier/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type ExportRecord, hasConnection } from '../domain/export';
import { assessRefresh, refreshKey, snapshotOf } from '../domain/refresh';
import { isWorthRepeating, markNewest, newestOfEach, staleness } from '../domain/replay';
import type { RunSnapshot } from '../domain/run';
import { CLOCK } from '../ports/clock';
import { ExportStore } from '../ports/export-store';
import { RefreshStore } from '../ports/refresh-store';
import { RunStore } from '../ports/run-store';
import { Settings } from '../ports/settings';
import { findFirstRun } from './find-first-run';

/** A refresh that would make a run of an export, and the run that it made the first time. */
interface Candidate {
  data: SegmentRefreshedV1;
  era: number;
  key: string;
  runId: string | null;
}

/** What ReplayRefresh would do with refreshes, and HoldReplay with their runs. Changes nothing. */
@Injectable()
export class ForeseeReplay {
  constructor(
    private readonly exports: ExportStore,
    private readonly refreshes: RefreshStore,
    private readonly runs: RunStore,
    private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(manager: EntityManager, { records, force, unfinishedOnly }: ReplayQuestion): Promise<ReplayEffect[]> {
    const effects: ReplayEffect[] = [];
    const candidates = new Map<string, Candidate[]>();
    for (const record of records) {
      const data = record.data as SegmentRefreshedV1;
      const assessment = assessRefresh(data, { environmentId: this.settings.environmentId, newestSequence: null });
      const exports = await this.exportsOf(manager, data);
      if (assessment.kind === 'ignored') effects.push(effect('ignored', {}, assessment.reason));
      else if (exports.length === 0) effects.push(effect('ignored', {}, 'no_active_export'));
      else {
        const era = await this.refreshes.eraOf(manager, record, data.segment.id);
        for (const { id: exportId } of exports) {
          const key = refreshKey(data);
          const earlier = await findFirstRun(this.runs, manager, exportId, { ...record, data });
          const about = { exportId, runId: earlier?.id ?? null };
          if (assessment.kind === 'skip_runs') effects.push(effect('skipped', about, assessment.code));
          else if (unfinishedOnly && !isWorthRepeating(earlier)) effects.push(effect('kept', about, named(data)));
          else candidates.set(exportId, [...(candidates.get(exportId) ?? []), { data, era, key, runId: about.runId }]);
        }
      }
    }
    for (const [exportId, found] of candidates) effects.push(...(await this.decide(manager, exportId, { found, force })));
    return effects;
  }

  private async exportsOf(manager: EntityManager, { segment }: SegmentRefreshedV1): Promise<ExportRecord[]> {
    return (await this.exports.findActiveBySegment(manager, segment.id)).filter(hasConnection);
  }

  /** Of several refreshes of one export the last one runs, with the newest snapshot of each segment. */
  private async decide(
    manager: EntityManager,
    exportId: string,
    { found, force }: { found: Candidate[]; force: boolean },
  ): Promise<ReplayEffect[]> {
    const last = found.at(-1);
    if (last === undefined) return [];
    const effects = found
      .filter(({ key }) => key !== last.key)
      .map(({ data, runId }) => effect('superseded', { exportId, runId }, named(data)));
    const run = { id: '', exportId, snapshots: newestOfEach(found.map(({ data, era }) => snapshotOf(data, era))) };
    const about = { exportId, runId: last.runId };
    const segmentIds = run.snapshots.map(({ segmentId }) => segmentId);
    const newest = newestOfEach([...(await this.refreshes.newestSnapshots(manager, segmentIds)), ...run.snapshots]);
    const isPast = ({ snapshot: { expiresAt }, isNewest }: RunSnapshot) =>
      isNewest !== true && expiresAt !== undefined && new Date(expiresAt) < this.clock.now();
    const stale = force ? null : staleness(run, await this.runs.deliveredSequences(manager, exportId, null));
    const records = found.length - effects.length;
    if (stale !== null) return [...effects, { ...effect('stale', about, stale), records }];
    if (markNewest(run.snapshots, newest).some(isPast)) {
      return [...effects, { ...effect('expired', about, 'snapshot_expired'), records }];
    }
    return [...effects, { ...effect('runs', about, named(last.data)), records }];
  }
}

function effect(
  verdict: ReplayEffect['verdict'],
  { exportId = null, runId = null }: { exportId?: string | null; runId?: string | null },
  detail: string,
): ReplayEffect {
  return { verdict, exportId, runId, records: 1, detail };
}

function named({ segment, sequence }: SegmentRefreshedV1): string {
  return `sequence ${sequence} of ${segment.id}`;
}
