import { type Clock } from '@courier/kernel';
import { AuditTrail } from '@courier/messaging';
import type { Once } from '@courier/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { personOf, requestCheck, type Connection } from './connection';
import { CLOCK } from '../clock';
import { ConnectionStore } from './connection-store';
import type { EditRequest } from './edit-connection';

export interface VerifyRequest extends EditRequest {
  once: Pick<Once, 'record'>;
}

export type VerifiedConnection =
  { kind: 'requested'; connection: Connection } | { kind: 'connection_not_found' } | { kind: 'version_differs' };

@Injectable()
export class VerifyConnection {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(id: string, { by, matches, once }: VerifyRequest): Promise<VerifiedConnection> {
    return this.connections.transact(async (manager): Promise<VerifiedConnection> => {
      const current = await this.connections.findForUpdate(manager, id);
      if (current === null || current.state === 'removed') return { kind: 'connection_not_found' };
      if (!matches(current.version)) return { kind: 'version_differs' };
      const changed = requestCheck(current, personOf(by), this.clock.now());
      await this.connections.update(manager, changed);
      const aggregate = { type: 'connection', id };
      await this.audit.record(manager, by, { action: 'connection.verification_requested', aggregate });
      await once.record(manager, id);
      return { kind: 'requested', connection: changed };
    });
  }
}
