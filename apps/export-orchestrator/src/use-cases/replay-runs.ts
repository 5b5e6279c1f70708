import { type Clock, derivedId } from '@courier/kernel';
import { type Actor, AuditTrail } from '@courier/messaging';
import type { Once } from '@courier/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { hasConnection } from '../domain/export';
import { newRun } from '../domain/new-run';
import { isWorthRepeating, staleness } from '../domain/replay';
import type { RunRecord } from '../domain/run';
import { CLOCK } from '../ports/clock';
import { ExportStore } from '../ports/export-store';
import { type ReplayQuery, RunStore } from '../ports/run-store';
import { ChangeRun } from './change-run';

export interface ReplaySelection extends ReplayQuery {
  /** Also what is older than the newest that was delivered. */
  force: boolean;
  /** Only what has not ended well. */
  unfinishedOnly: boolean;
}

/** What becomes of the newest run that was chosen of an export. */
export interface ReplayCandidate {
  run: RunRecord;
  verdict: 'runs' | 'stale' | 'ended_well' | 'not_ended' | 'no_export';
  detail: string | null;
}

/** Repeats runs that an administrator chooses: a command of ours, never a write into upstream's topic. */
@Injectable()
export class ReplayRuns {
  constructor(
    private readonly dataSource: DataSource,
    private readonly runs: RunStore,
    private readonly exports: ExportStore,
    private readonly changeRun: ChangeRun,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Changes nothing. */
  plan(selection: ReplaySelection): Promise<ReplayCandidate[]> {
    return this.candidates(this.dataSource.manager, selection);
  }

  /** The ids of the runs that were started. */
  start(selection: ReplaySelection, why: { by: Actor; reason: string }, once: Once): Promise<string[]> {
    return this.dataSource.transaction(async (manager) => {
      const started: string[] = [];
      for (const { run, verdict } of await this.candidates(manager, selection)) {
        if (verdict === 'runs') started.push(await this.repeat(manager, run, { ...why, force: selection.force }));
      }
      await once.record(manager, started.join(' '));
      return started;
    });
  }

  private async candidates(manager: EntityManager, selection: ReplaySelection): Promise<ReplayCandidate[]> {
    const chosen = await this.runs.findReplayable(manager, selection);
    return Promise.all(chosen.map((run) => this.assess(manager, run, selection)));
  }

  private async assess(
    manager: EntityManager,
    run: RunRecord,
    { force, unfinishedOnly }: ReplaySelection,
  ): Promise<ReplayCandidate> {
    const exported = await this.exports.find(manager, run.exportId);
    if (exported === null || !hasConnection(exported)) return { run, verdict: 'no_export', detail: null };
    if (run.finishedAt === null) return { run, verdict: 'not_ended', detail: null };
    if (unfinishedOnly && !isWorthRepeating(run)) return { run, verdict: 'ended_well', detail: null };
    const stale = force ? null : staleness(run, await this.runs.deliveredSequences(manager, run.exportId, run.id));
    return { run, verdict: stale === null ? 'runs' : 'stale', detail: stale };
  }

  private async repeat(
    manager: EntityManager,
    run: RunRecord,
    { by, reason, force }: { by: Actor; reason: string; force: boolean },
  ): Promise<string> {
    const exported = await this.exports.find(manager, run.exportId);
    const actor = by.sub;
    const createdAt = this.clock.now();
    const id = derivedId('repeated run', run.id, actor, createdAt.toISOString());
    if (exported === null || !hasConnection(exported)) return id;
    const replay = { of: run.id, as: { epoch: 0, reason, actor, force }, snapshots: run.snapshots };
    const start = { id, trigger: 'replay' as const, createdAt, startedBy: actor, awaitedJob: null, skipped: null, replay };
    await this.changeRun.create(manager, newRun(exported, start));
    await this.audit.record(manager, by, {
      action: 'run.repeated',
      aggregate: { type: 'run', id },
      reason,
      related: [
        { type: 'export', id: exported.id },
        { type: 'run', id: run.id },
      ],
    });
    return id;
  }
}
