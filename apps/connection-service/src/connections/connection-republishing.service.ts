import { OutboxRelay } from '@courier/messaging';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ConnectionsRepository } from './connections.repository';

/**
 * Announces every current state again. A relay that lost its leadership may have sent an old state after a newer one, and compaction
 * would keep the old one for ever.
 */
@Injectable()
export class ConnectionRepublishingService {
  constructor(
    private readonly connections: ConnectionsRepository,
    relay: OutboxRelay,
  ) {
    relay.onLeadership((manager) => this.republish(manager));
  }

  private async republish(manager: EntityManager): Promise<void> {
    for (const id of await this.connections.findAllIds(manager)) {
      const connection = await this.connections.findForUpdate(manager, id);
      if (connection !== null) await this.connections.announce(manager, connection);
    }
  }
}
