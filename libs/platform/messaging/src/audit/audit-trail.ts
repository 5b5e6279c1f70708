import type { Actor } from '@courier/http';
import { newId } from '@courier/kernel';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { MESSAGING_OPTIONS, type MessagingOptions } from '../messaging-options';
import { Outbox } from '../outbox/outbox';
import { AuditEventStore } from './audit-event-store';
import type { AuditEntry } from './audit-record';

/** Who changed what and why: every change that a person asks for is recorded here. */
export abstract class AuditTrail {
  /** Inside the transaction of the change, with what is changed locked: the record is kept and told if, and only if, the change is. */
  abstract record(manager: EntityManager, by: Actor, entry: AuditEntry): Promise<void>;
}

@Injectable()
export class OutboxAuditTrail extends AuditTrail {
  constructor(
    @Inject(MESSAGING_OPTIONS) private readonly options: Pick<MessagingOptions, 'audit'>,
    private readonly outbox: Outbox,
    private readonly events: AuditEventStore,
  ) {
    super();
  }

  async record(manager: EntityManager, by: Actor, entry: AuditEntry): Promise<void> {
    const { action, aggregate, reason = null, changes = [], related = [] } = entry;
    const actor = { sub: by.sub, name: by.name, roles: [...by.roles], address: by.address };
    const recordedAt = new Date().toISOString();
    const record = { auditId: newId(), recordedAt, actor, action, aggregate, reason, changes, related };
    await this.events.insert(manager, record);
    await this.outbox.append(manager, this.options.audit, record, { id: record.auditId });
  }
}
