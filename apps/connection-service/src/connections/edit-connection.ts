import { type Clock } from '@courier/kernel';
import { type Actor, AuditTrail, changedFields } from '@courier/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { type ConnectionPatch, editConnection, personOf } from './connection';
import { CLOCK } from '../clock';
import { ConnectionStore } from './connection-store';
import { Settings } from './settings';

export interface EditRequest {
  by: Actor;
  /** Whether the caller means this version. */
  matches: (version: number) => boolean;
}

export type EditedConnection =
  | { kind: 'changed' }
  | { kind: 'connection_not_found' }
  | { kind: 'version_differs' }
  | { kind: 'profile_limit_too_high'; ceiling: number };

@Injectable()
export class EditConnection {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly settings: Settings,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(id: string, patch: ConnectionPatch, { by, matches }: EditRequest): Promise<EditedConnection> {
    return this.connections.transact(async (manager): Promise<EditedConnection> => {
      const current = await this.connections.findForUpdate(manager, id);
      if (current === null || current.state === 'removed') return { kind: 'connection_not_found' };
      if (!matches(current.version)) return { kind: 'version_differs' };
      const ceiling = this.settings.profileLimitCeiling;
      if (patch.profileLimit !== undefined && patch.profileLimit > ceiling) return { kind: 'profile_limit_too_high', ceiling };
      const edited = editConnection(current, patch, personOf(by), this.clock.now());
      const changes = changedFields(current, edited, { named: ['displayName'], shown: ['access', 'profileLimit'] });
      // Nothing new to tell, to the readers of the topic or to the audit.
      if (changes.length === 0) return { kind: 'changed' };
      await this.connections.update(manager, edited);
      await this.audit.record(manager, by, { action: 'connection.changed', aggregate: { type: 'connection', id }, changes });
      return { kind: 'changed' };
    });
  }
}
