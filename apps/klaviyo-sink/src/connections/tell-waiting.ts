import { runWaitingV1, type RunWaitingV1 } from '@courier/contracts';
import { type Clock } from '@courier/kernel';
import { Outbox } from '@courier/messaging';
import { inTrace } from '@courier/telemetry';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CLOCK } from '../clock';
import { ConnectionStore, type WaitingRun } from './connection-store';

/** Tells the orchestrator, once per change, that a run's batches wait for their connection, or wait no longer. */
@Injectable()
export class TellWaiting {
  private readonly logger = new Logger(TellWaiting.name);

  constructor(
    private readonly connections: ConnectionStore,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async begun(manager: EntityManager, connectionId: string): Promise<void> {
    for (const run of await this.connections.startWaiting(manager, connectionId)) await this.tell(manager, run);
  }

  async ended(manager: EntityManager, connectionId: string): Promise<void> {
    for (const run of await this.connections.endWaiting(manager, connectionId)) await this.tell(manager, run);
  }

  private async tell(manager: EntityManager, waits: WaitingRun): Promise<void> {
    const { runId, exportId, connectionId, since, epoch, traceparent } = waits;
    const told: RunWaitingV1 = {
      runId,
      exportId,
      waiting: since === null ? null : { reason: 'connection_needs_attention', since: since.toISOString(), until: null },
      at: this.clock.now().toISOString(),
      ...(epoch === 0 ? {} : { epoch }),
    };
    await inTrace(traceparent, async () => {
      await this.outbox.append(manager, runWaitingV1, told);
      const text = since === null ? 'Batches wait for their connection no longer' : 'Batches wait for their connection';
      this.logger.log(text, { runId, exportId, connectionId });
    });
  }
}
