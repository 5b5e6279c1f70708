import { AuditTrail } from '@courier/messaging';
import { DatabaseClock, type Once, WakeUp } from '@courier/persistence';
import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { applyCheck, type CheckDecision, type CheckResult } from './apply-check';
import { type Connection, personOf, requestCheck } from './connection';
import type { EditRequest } from './connections.service';
import { ConnectionsRepository } from './connections.repository';

export interface CheckRequest extends EditRequest {
  once: Pick<Once, 'record'>;
}

export type RequestedCheck =
  { kind: 'requested'; connection: Connection } | { kind: 'connection_not_found' } | { kind: 'version_differs' };

export type RecordedCheck = { kind: 'recorded' } | Extract<CheckDecision, { kind: 'stale' }> | { kind: 'unknown_connection' };

const LOOK_EVERY_MS = 500;

/** Whether a credential works: the sink is asked, and says so later. */
@Injectable()
export class ConnectionChecksService {
  private readonly logger = new Logger(ConnectionChecksService.name);

  constructor(
    private readonly connections: ConnectionsRepository,
    private readonly audit: AuditTrail,
    private readonly clock: DatabaseClock,
  ) {}

  async request(id: string, { by, matches, once }: CheckRequest): Promise<RequestedCheck> {
    return this.connections.transact(async (manager): Promise<RequestedCheck> => {
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

  /** Inside the transaction of the record that brought the check. */
  async record(manager: EntityManager, connectionId: string, check: CheckResult): Promise<RecordedCheck> {
    const current = await this.connections.findForUpdate(manager, connectionId);
    if (current === null) return { kind: 'unknown_connection' };
    const decision = applyCheck(current, check, this.clock.now());
    if (decision.kind === 'stale') return decision;
    await this.connections.update(manager, decision.connection);
    const { state, attention } = decision.connection;
    const facts = { connectionId, state, code: attention?.code };
    if (attention === null) this.logger.log('Connection checked', facts);
    else this.logger.warn('Connection needs attention', facts);
    return { kind: 'recorded' };
  }

  /** Waits until the connection's check has ended, whatever it found, or the caller's patience has. */
  async awaitEnd(connection: Connection, waitMs: number): Promise<Connection> {
    if (waitMs === 0) return connection;
    const deadlineMs = performance.now() + waitMs;
    const changed = new WakeUp();
    const stopListening = await this.connections.listen(() => changed.call());
    try {
      for (let latest = connection; ;) {
        latest = (await this.connections.find(connection.id)) ?? latest;
        const remainingMs = deadlineMs - performance.now();
        if (latest.state !== 'verifying' || remainingMs <= 0) return latest;
        await changed.within(Math.min(remainingMs, LOOK_EVERY_MS));
      }
    } finally {
      stopListening();
    }
  }
}
