import { batchFinishedV1, topics } from '@courier/contracts';
import { type Clock } from '@courier/kernel';
import { Outbox, Replays } from '@courier/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { readRefused, outcomeOfRefused, type RefusedRecord } from './refused-batch';
import { CLOCK } from '../clock';
import { DeliveryStore } from './delivery-store';
import { ReplayedRuns } from '../replays';

/** A batch that ends as a dead letter gets no delivery, and its run would wait for ever: it is told that nothing was attempted. */
@Injectable()
export class RefuseBatch {
  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly replayedRuns: ReplayedRuns,
    private readonly replays: Replays,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(manager: EntityManager, record: RefusedRecord): Promise<void> {
    const batch = readRefused(record.data);
    if (batch === null) return;
    const known = (await this.deliveries.findNewest(manager, batch.batchId)) !== null;
    // An earlier, better announcement of the same batch has its own outcome. What expired was well and cannot be sent once more.
    if (known && record.reason !== 'expired_batch') return;
    const epoch = known ? record.epoch : 0;
    if (epoch > 0) {
      const replay = await this.replays.find(manager, topics.batches.name, epoch);
      await this.replayedRuns.add(manager, { ...batch, epoch, unfinishedOnly: replay?.unfinishedOnly ?? false });
    }
    await this.outbox.append(manager, batchFinishedV1, outcomeOfRefused(batch, { ...record, epoch }, this.clock.now()));
  }
}
