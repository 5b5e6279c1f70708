import { runChangedV1 } from '@courier/contracts';
import { type Clock } from '@courier/kernel';
import { Outbox } from '@courier/messaging';
import { notify } from '@courier/persistence';
import { currentTraceparent, inSpan, inTrace } from '@courier/telemetry';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RunRecord } from '../domain/run';
import { assertTransition, isTerminal } from '../domain/run-status';
import { nextLine } from '../domain/run-story';
import { toRunView } from '../domain/run-view';
import { runAttributes } from '../domain/trace-attributes';
import { CLOCK } from '../ports/clock';
import { type NewRun, type RunChanges, RunStore } from '../ports/run-store';
import { countFinishedRun } from './run-metrics';
import { TellAlerts } from './tell-alerts';

/** Wakes the workers that plan and finish runs. */
export const RUNS_CHANNEL = 'runs';

/** The one way to create or change a run: checks the step, writes it and tells observers, all in the caller's transaction. */
@Injectable()
export class ChangeRun {
  private readonly logger = new Logger(ChangeRun.name);

  constructor(
    private readonly runs: RunStore,
    private readonly outbox: Outbox,
    private readonly alerts: TellAlerts,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** False when the run exists already; then nothing is changed. */
  async create(manager: EntityManager, planned: Omit<NewRun, 'traceparent'>): Promise<boolean> {
    return inSpan('start run', { attributes: runAttributes(planned) }, async () => {
      const run = { ...planned, traceparent: currentTraceparent() };
      if (!(await this.runs.insert(manager, run))) return false;
      await this.tell(manager, { ...run, sequence: '0' });
      if (run.finishedAt !== null) countFinishedRun({ ...run, sequence: '0' });
      this.log(null, { ...run, sequence: '0' });
      return true;
    });
  }

  /** `run` must be locked by this transaction. A terminal status also sets phase and end. */
  execute(manager: EntityManager, run: RunRecord, changes: RunChanges): Promise<RunRecord> {
    return inTrace(run.traceparent, () => this.change(manager, run, changes));
  }

  private async change(manager: EntityManager, run: RunRecord, changes: RunChanges): Promise<RunRecord> {
    const status = changes.status ?? run.status;
    assertTransition(run.status, status);
    const ending: RunChanges =
      isTerminal(status) && run.finishedAt === null ? { phase: 'finished', finishedAt: this.clock.now(), waiting: null } : {};
    const changed = await this.runs.update(manager, run, { ...changes, ...ending });
    await this.tell(manager, changed);
    this.log(run, changed);
    if (isTerminal(changed.status) && run.finishedAt === null) countFinishedRun(changed);
    return changed;
  }

  /** One line for each step, so that a run's story can be read by its id. */
  private log(before: RunRecord | null, run: RunRecord): void {
    const line = nextLine(before, run);
    if (line === null) return;
    if (run.status === 'failed') this.logger.warn(line.text, line.facts);
    else this.logger.log(line.text, line.facts);
  }

  private async tell(manager: EntityManager, run: RunRecord): Promise<void> {
    await this.outbox.append(manager, runChangedV1, { version: run.version, run: toRunView(run) });
    await this.alerts.ofRun(manager, run);
    await notify(manager, RUNS_CHANNEL);
  }
}
