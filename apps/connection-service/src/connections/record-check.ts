import { type Clock } from '@courier/kernel';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { applyCheck, type CheckDecision, type CheckResult } from './apply-check';
import { CLOCK } from '../clock';
import { ConnectionStore } from './connection-store';

export type Recorded = { kind: 'recorded' } | Extract<CheckDecision, { kind: 'stale' }> | { kind: 'unknown_connection' };

@Injectable()
export class RecordCheck {
  private readonly logger = new Logger(RecordCheck.name);

  constructor(
    private readonly connections: ConnectionStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Inside the transaction of the record that brought the check. */
  async execute(manager: EntityManager, connectionId: string, check: CheckResult): Promise<Recorded> {
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
}
