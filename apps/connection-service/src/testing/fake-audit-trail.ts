import { type Actor, type AuditEntry, AuditTrail } from '@courier/messaging';

/** Remembers what was recorded in whose name. */
export class FakeAuditTrail extends AuditTrail {
  readonly recorded: ({ by: string } & AuditEntry)[] = [];

  record(_manager: unknown, by: Actor, entry: AuditEntry): Promise<void> {
    this.recorded.push({ by: by.sub, ...entry });
    return Promise.resolve();
  }
}
