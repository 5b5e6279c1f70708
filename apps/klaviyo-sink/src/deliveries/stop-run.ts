import type { RunStoppedV1 } from '@courier/contracts';
import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DeliveryStore } from './delivery-store';

@Injectable()
export class StopRun {
  private readonly logger = new Logger(StopRun.name);

  constructor(private readonly deliveries: DeliveryStore) {}

  /** Marks the run; the account's owner ends what was not sent and follows what Klaviyo accepted. */
  async execute(manager: EntityManager, { runId, exportId, connectionId, reason }: RunStoppedV1): Promise<void> {
    this.logger.log('Run is stopped', { runId, exportId, connectionId, code: reason });
    await this.deliveries.stopRun(manager, { runId, exportId, connectionId }, reason);
  }
}
