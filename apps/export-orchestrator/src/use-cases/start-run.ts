import { type Clock, newId } from '@courier/kernel';
import { type Actor, AuditTrail } from '@courier/messaging';
import type { Once } from '@courier/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { newRun } from '../domain/new-run';
import { mayUse } from '../domain/permissions';
import { CLOCK } from '../ports/clock';
import { ConnectionStore } from '../ports/connection-store';
import { ExportStore } from '../ports/export-store';
import { RefreshStore } from '../ports/refresh-store';
import { ChangeRun } from './change-run';

export type StartedRun =
  | { kind: 'started'; runId: string }
  | { kind: 'export_not_found' }
  | { kind: 'no_connection' }
  | { kind: 'connection_not_shared' }
  | { kind: 'no_snapshot'; segmentIds: string[] };

export interface StartRequest {
  /** Begins a new ledger, because the present one cannot be read. */
  withoutLedger: boolean;
  reason: string | null;
}

/** Runs an export now, with the newest snapshots that are known. */
@Injectable()
export class StartRun {
  constructor(
    private readonly dataSource: DataSource,
    private readonly exports: ExportStore,
    private readonly connections: ConnectionStore,
    private readonly refreshes: RefreshStore,
    private readonly changeRun: ChangeRun,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(exportId: string, { withoutLedger, reason }: StartRequest, by: Actor, once: Once): Promise<StartedRun> {
    return this.dataSource.transaction(async (manager): Promise<StartedRun> => {
      const exported = await this.exports.find(manager, exportId);
      if (exported === null || exported.state === 'removed') return { kind: 'export_not_found' };
      const { connectionId } = exported;
      if (connectionId === null) return { kind: 'no_connection' };
      const connection = await this.connections.find(manager, connectionId);
      if (!mayUse(by, connection)) return { kind: 'connection_not_shared' };
      const snapshots = await this.refreshes.newestSnapshots(manager, exported.segmentIds);
      if (snapshots.length === 0) return { kind: 'no_snapshot', segmentIds: exported.segmentIds };
      const id = newId();
      const start = {
        id,
        trigger: 'manual' as const,
        createdAt: this.clock.now(),
        startedBy: by.sub,
        awaitedJob: null,
        skipped: null,
        ...(withoutLedger ? { withoutLedger } : {}),
      };
      await this.changeRun.create(manager, newRun({ ...exported, connectionId }, start));
      await this.audit.record(manager, by, {
        action: withoutLedger ? 'run.started_without_ledger' : 'run.started',
        aggregate: { type: 'run', id },
        reason,
        related: [{ type: 'export', id: exportId }],
      });
      await once.record(manager, id);
      return { kind: 'started', runId: id };
    });
  }
}
