import { exportChangedV1 } from '@courier/contracts';
import { type Clock } from '@courier/kernel';
import { Outbox, OutboxRelay } from '@courier/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { toExportChanged } from '../domain/export-state';
import { CLOCK } from '../ports/clock';
import { ExportStore } from '../ports/export-store';

/** Puts every export's current state on its topic again when the relay has a new leader. */
@Injectable()
export class RepublishExports {
  constructor(
    private readonly exports: ExportStore,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
    relay: OutboxRelay,
  ) {
    relay.onLeadership((manager) => this.execute(manager));
  }

  async execute(manager: EntityManager): Promise<void> {
    const now = this.clock.now();
    for (const id of await this.exports.findAllIds(manager)) {
      const exported = await this.exports.findForUpdate(manager, id);
      if (exported !== null) await this.outbox.append(manager, exportChangedV1, toExportChanged(exported, now));
    }
  }
}
