import { batchFinishedV1, type BatchRequestedV1, topics } from '@courier/contracts';
import { type Clock, derivedId } from '@courier/kernel';
import { Outbox, Replays } from '@courier/messaging';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { decideAgain, isTooOld } from './batch-again';
import type { KnownDelivery } from './delivery';
import { BatchObjects } from './batch-objects';
import { CLOCK } from '../clock';
import { DeliveryStore } from './delivery-store';
import { ReplayedRuns } from '../replays';
import { Settings } from '../settings';
import { TellWaiting } from '../connections';

/** `expired`: nothing was done, because what is to be sent is not kept any more. */
export type DeliveryRequest = 'created' | 'continues' | 'outcome_repeated' | 'kept' | 'expired';

@Injectable()
export class RequestDelivery {
  private readonly logger = new Logger(RequestDelivery.name);

  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly replayedRuns: ReplayedRuns,
    private readonly replays: Replays,
    private readonly objects: BatchObjects,
    private readonly outbox: Outbox,
    private readonly waiting: TellWaiting,
    private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The same batch in the same epoch is the same delivery: it goes on, or its outcome is told again. In a replay a batch that has a
   * delivery gets another one; one without (this database was restored) is new.
   */
  async execute(manager: EntityManager, batch: BatchRequestedV1, epoch: number): Promise<DeliveryRequest> {
    const newest = await this.deliveries.findNewest(manager, batch.batchId);
    if (newest === null) return this.isTooOld(batch) ? 'expired' : this.create(manager, batch, 0);
    const id = derivedId('delivery', batch.batchId, epoch);
    if (epoch > 0 && newest.id !== id) return this.again(manager, batch, epoch, newest);
    const outcome = await this.deliveries.findOutcome(manager, id);
    if (outcome === null) return 'continues';
    this.logger.log('Outcome told again', factsOf(batch, id, epoch));
    await this.outbox.append(manager, batchFinishedV1, outcome);
    return 'outcome_repeated';
  }

  private async again(
    manager: EntityManager,
    batch: BatchRequestedV1,
    epoch: number,
    newest: KnownDelivery,
  ): Promise<DeliveryRequest> {
    const { deliveries, objects, replayedRuns, replays } = this;
    const unfinishedOnly = (await replays.find(manager, topics.batches.name, epoch))?.unfinishedOnly ?? false;
    const behindAnotherRun = await deliveries.isBehindAnotherRun(manager, batch, epoch);
    switch (decideAgain({ newest, unfinishedOnly, behindAnotherRun })) {
      case 'continue':
        if (newest.calls === 0) await deliveries.moveToEnd(manager, newest.id);
        return 'continues';
      case 'keep':
        return 'kept';
      case 'send':
        if (this.isTooOld(batch) || !(await objects.isStaged(batch.object))) return 'expired';
        await replayedRuns.add(manager, { ...batch, epoch, unfinishedOnly });
        return this.create(manager, batch, epoch);
    }
  }

  private async create(manager: EntityManager, batch: BatchRequestedV1, epoch: number): Promise<DeliveryRequest> {
    const id = derivedId('delivery', batch.batchId, epoch);
    const refusal = batch.operation === 'upsert' ? null : 'not_supported';
    await this.deliveries.addDelivery(manager, { id, epoch, batch, refusal });
    this.logger.log('Batch received', factsOf(batch, id, epoch));
    await this.waiting.begun(manager, batch.connectionId);
    return 'created';
  }

  private isTooOld(batch: BatchRequestedV1): boolean {
    return isTooOld(batch, this.clock.now(), this.settings.stagedForMs);
  }
}

function factsOf(batch: BatchRequestedV1, deliveryId: string, epoch: number) {
  const { runId, exportId, connectionId, batchId, number: batchNumber, rows } = batch;
  return { runId, exportId, connectionId, batchId, deliveryId, batchNumber, rows, epoch };
}
