import { bindToTrace, durations, inSpan, meter } from '@courier/telemetry';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import {
  type MergedLedger,
  type MergeJob,
  type Plan,
  type PlanJob,
  type PlanOutcome,
  PlannerProcess,
  type StagedBatch,
  sweepPrivateFolders,
} from '../../planner';
import { Planner, type PlannerSettings, type PlanObserver } from '../../ports/planner';
import { serviceName } from '../../service-name';

const plannerDuration = durations(serviceName, 'courier.planner.duration', 'Work of the planner child, by task and outcome');
const plannedRows = meter(serviceName).createCounter('courier.planner.rows', {
  description: 'Rows of the snapshots that were planned',
  unit: '{row}',
});

export type ChildProcessPlannerOptions = Pick<PlanJob, PlannerSettings>;

/** Plans in a child process of this service, with this deployment's settings. */
@Injectable()
export class ChildProcessPlanner extends Planner implements OnModuleInit {
  private readonly logger = new Logger(ChildProcessPlanner.name);
  private readonly process = new PlannerProcess();

  constructor(private readonly options: ChildProcessPlannerOptions) {
    super();
  }

  /** Profiles lie in the clear in a plan's folder; a killed predecessor could not clean up. */
  onModuleInit(): Promise<void> {
    return this.sweep();
  }

  async sweep(): Promise<void> {
    const swept = await sweepPrivateFolders(this.options.privateDir);
    if (swept > 0) this.logger.warn('Folders of plans that were killed are removed', { count: swept });
  }

  plan(job: Omit<PlanJob, PlannerSettings>, observer: PlanObserver, signal: AbortSignal): Promise<PlanOutcome> {
    return inSpan('planner plan', { attributes: attributesOf(job) }, async (span) => {
      const seen = new Set<string>();
      const enter = (phase: string): void => {
        if (!seen.has(phase)) span.addEvent(phase);
        seen.add(phase);
      };
      const listener = {
        onProgress: enter,
        onFrozen: bindToTrace((plan: Plan) => {
          enter('frozen');
          return observer.onFrozen(plan);
        }),
        onStaged: bindToTrace((batch: StagedBatch) => observer.onStaged(batch)),
      };
      const work = this.process.runPlan({ ...job, ...this.options }, listener, signal);
      const outcome = await timed('plan', work, ({ kind }) => kind);
      if (outcome.kind === 'planned') plannedRows.add(outcome.plan.counts.snapshotRows);
      return outcome;
    });
  }

  mergeLedger(job: Omit<MergeJob, PlannerSettings>, signal: AbortSignal): Promise<MergedLedger> {
    return inSpan('planner merge', { attributes: attributesOf(job) }, () =>
      timed('merge', this.process.mergeLedger({ ...job, ...this.options }, signal), () => 'merged'),
    );
  }
}

async function timed<T>(task: 'plan' | 'merge', work: Promise<T>, outcomeOf: (result: T) => string): Promise<T> {
  const startedMs = performance.now();
  let outcome = 'error';
  try {
    const result = await work;
    outcome = outcomeOf(result);
    return result;
  } finally {
    const attributes = { 'courier.planner.task': task, 'courier.planner.outcome': outcome };
    plannerDuration.record((performance.now() - startedMs) / 1_000, attributes);
  }
}

function attributesOf({ runId, attempt }: { runId: string; attempt: number }): Record<string, string | number> {
  return { 'courier.run.id': runId, 'courier.run.attempt': attempt };
}
