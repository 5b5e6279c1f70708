import { batchRequestedV1 } from '@courier/contracts';
import { type Clock } from '@courier/kernel';
import { Outbox } from '@courier/messaging';
import { inTrace } from '@courier/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { batchRequest } from '../domain/batch-request';
import { BatchStore } from '../ports/batch-store';
import { CLOCK } from '../ports/clock';
import { RunStore } from '../ports/run-store';

/** Long against a healthy batch, short against a run's deadline; twice as long after each announcement. */
const SILENCE_MIN = 15;

/**
 * Announces batches again of which nothing was heard. An announcement that could not be read names nobody who waits for it, and one may
 * be lost with its topic; the sink knows the batches that it has by their id, and goes on with them or repeats their outcome.
 */
@Injectable()
export class AnnounceAgain {
  constructor(
    private readonly dataSource: DataSource,
    private readonly runs: RunStore,
    private readonly batches: BatchStore,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    const silent = await this.batches.findSilent(this.dataSource.manager, { now: this.clock.now(), silenceMin: SILENCE_MIN });
    for (const { id, runId } of silent) await this.announce(id, runId);
  }

  private async announce(batchId: string, runId: string): Promise<void> {
    const now = this.clock.now();
    await this.dataSource.transaction(async (manager) => {
      const run = await this.runs.findForUpdate(manager, runId);
      if (run === null || run.finishedAt !== null) return;
      const batch = await this.batches.findSilentOne(manager, batchId, { now, silenceMin: SILENCE_MIN });
      // Its outcome came meanwhile, or another instance was faster.
      const object = batch?.object ?? null;
      if (batch === null || object === null) return;
      await this.batches.announce(manager, batchId, { object, at: now });
      const request = batchRequest(run, { ...batch, object }, now);
      await inTrace(run.traceparent, () => this.outbox.append(manager, batchRequestedV1, request));
    });
  }
}
