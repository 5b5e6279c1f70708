import { type Clock } from '@courier/kernel';
import type { Lease } from '@courier/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type ExportRecord, hasConnection } from '../domain/export';
import { haltOf } from '../domain/halted-run';
import { markNewest } from '../domain/replay';
import type { RunRecord, RunSnapshot } from '../domain/run';
import { runReason } from '../domain/run-reasons';
import type { Turn } from '../domain/turn';
import { CLOCK } from '../ports/clock';
import { ExportStore } from '../ports/export-store';
import { LedgerStore } from '../ports/ledger-store';
import { RefreshStore } from '../ports/refresh-store';
import { RunStore } from '../ports/run-store';
import { ChangeRun } from './change-run';
import { ChooseTurn } from './choose-turn';
import { HoldReplay } from './hold-replay';

export interface BegunRun {
  run: RunRecord;
  profileLimit: number;
}

type ExportWithConnection = ExportRecord & { connectionId: string };

/** Takes a run that may begin (or that another process left half planned) and freezes what it reads. */
@Injectable()
export class BeginRun {
  constructor(
    private readonly dataSource: DataSource,
    private readonly runs: RunStore,
    private readonly exports: ExportStore,
    private readonly refreshes: RefreshStore,
    private readonly ledgers: LedgerStore,
    private readonly changeRun: ChangeRun,
    private readonly chooseTurn: ChooseTurn,
    private readonly holdReplay: HoldReplay,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The run with its next attempt, or null when it is not its turn (its `waiting` then says why). */
  async execute(lease: Lease, runId: string): Promise<BegunRun | null> {
    return this.dataSource.transaction(async (manager) => {
      await lease.assertHeld(manager);
      const run = await this.runs.findForUpdate(manager, runId);
      if (run === null || run.staged || run.finishedAt !== null || run.resends !== null) return null;
      if (run.plan === null) return this.consider(manager, run);
      // A plan that is frozen has announced batches: it goes on, whatever the export and the connection say by now.
      const turn = await this.chooseTurn.execute(manager, run);
      return { run, profileLimit: turn.kind === 'ready' ? turn.profileLimit : Number.MAX_SAFE_INTEGER };
    });
  }

  /** A run that has sent nothing yet does what its export says now. */
  private async consider(manager: EntityManager, planned: RunRecord): Promise<BegunRun | null> {
    const exported = await this.exports.find(manager, planned.exportId);
    const halt = haltOf(planned.trigger, exported);
    if (halt !== null) {
      await this.skip(manager, planned, halt);
      return null;
    }
    if (exported === null || !hasConnection(exported)) return null;
    const run = await this.aim(manager, planned, exported);
    const turn = await this.chooseTurn.execute(manager, run);
    if (turn.kind === 'ready') return this.begin(manager, run, exported, turn);
    await (turn.kind === 'skip' ? this.skip(manager, run, turn) : this.wait(manager, run, turn));
    return null;
  }

  /** At the list and the account of now, as mapping and segments are those of now: an edit may have moved the export meanwhile. */
  private async aim(manager: EntityManager, run: RunRecord, { connectionId, listId }: ExportWithConnection): Promise<RunRecord> {
    if (run.connectionId === connectionId && run.listId === listId) return run;
    return this.changeRun.execute(manager, run, { connectionId, listId });
  }

  private async begin(
    manager: EntityManager,
    run: RunRecord,
    exported: ExportWithConnection,
    turn: Extract<Turn, { kind: 'ready' }>,
  ): Promise<BegunRun | null> {
    if (await this.runs.isListTaken(manager, run, turn.accountId)) {
      await this.wait(manager, run, { kind: 'wait', reason: 'list_busy', until: null });
      return null;
    }
    const held = await this.holdReplay.execute(manager, run);
    if (held.kind !== 'ready') {
      await (held.kind === 'skip' ? this.skip(manager, run, held) : this.wait(manager, run, held));
      return null;
    }
    const key = { exportId: run.exportId, accountId: turn.accountId, listId: run.listId };
    // Here and not at its end: what others book meanwhile (a replay of an older run) belongs to the new one.
    if (run.withoutLedger) await this.ledgers.forget(manager, key);
    const ledger = await this.ledgers.find(manager, key);
    const begun = await this.changeRun.execute(manager, run, {
      status: 'planning',
      phase: 'verifying',
      waiting: null,
      attempt: run.attempt + 1,
      age: await this.runs.nextAge(manager, run.exportId),
      startedAt: run.startedAt ?? this.clock.now(),
      accountId: turn.accountId,
      mapping: exported.mapping,
      snapshots: await this.snapshots(manager, run, exported.segmentIds),
      ledger: ledger?.object ?? null,
    });
    return { run: begun, profileLimit: turn.profileLimit };
  }

  /** A replay uses again what it repeats, and for its other segments the newest. */
  private async snapshots(manager: EntityManager, run: RunRecord, segmentIds: string[]): Promise<RunSnapshot[]> {
    const newest = await this.refreshes.newestSnapshots(manager, segmentIds);
    const repeated = run.replay === null ? [] : run.snapshots;
    const bound = new Map([...newest, ...repeated].map((snapshot) => [snapshot.segmentId, snapshot]));
    return markNewest(
      segmentIds.flatMap((segmentId) => bound.get(segmentId) ?? []),
      newest,
    );
  }

  private async skip(manager: EntityManager, run: RunRecord, turn: { code: string; detail: string }): Promise<void> {
    // `planning` may be skipped too, so one path serves a run that was interrupted before its plan was frozen.
    await this.changeRun.execute(manager, run, { status: 'skipped', reason: runReason(turn.code, turn.detail) });
  }

  private async wait(manager: EntityManager, run: RunRecord, turn: Extract<Turn, { kind: 'wait' }>): Promise<void> {
    if (run.waiting?.reason === turn.reason) return;
    const since = this.clock.now().toISOString();
    await this.changeRun.execute(manager, run, {
      waiting: { reason: turn.reason, since, until: turn.until?.toISOString() ?? null },
    });
  }
}
