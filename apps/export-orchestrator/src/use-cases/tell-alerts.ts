import { alertChangedV1, type RunReason } from '@courier/contracts';
import { type Clock, derivedId } from '@courier/kernel';
import { Outbox } from '@courier/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type AlertKind, type AlertNews, alertsOfRun, alertsOfSequence } from '../domain/alerts';
import type { ExportRecord, KnownConnection } from '../domain/export';
import type { RunRecord } from '../domain/run';
import { AlertStore, type OpenAlert } from '../ports/alert-store';
import { CLOCK } from '../ports/clock';

interface Subject {
  exportId: string | null;
  connectionId: string | null;
  segmentId?: string;
  runId: string | null;
}

/** Tells who watches when something begins to need a person and when it is over; never twice for the same, in the change's transaction. */
@Injectable()
export class TellAlerts {
  constructor(
    private readonly alerts: AlertStore,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  ofRun(manager: EntityManager, run: Pick<RunRecord, 'id' | 'exportId' | 'status' | 'reason' | 'counts'>): Promise<void> {
    return this.tell(manager, { exportId: run.exportId, connectionId: null, runId: run.id }, alertsOfRun(run));
  }

  ofExport(manager: EntityManager, { id, state, attention }: ExportRecord): Promise<void> {
    const subject = { exportId: id, connectionId: null, runId: null };
    const kind = 'export_needs_attention';
    if (state === 'needs_attention' && attention !== null) return this.tell(manager, subject, holds(kind, attention));
    const ended: AlertKind[] = state === 'removed' ? ['run_failed', 'run_skipped', 'run_partly_failed'] : [];
    return this.tell(manager, subject, { raise: [], clear: [kind, ...ended] });
  }

  ofConnection(manager: EntityManager, { id, state }: KnownConnection, attention: RunReason | null): Promise<void> {
    const subject = { exportId: null, connectionId: id, runId: null };
    const kind = 'connection_needs_attention';
    if (state === 'needs_attention' && attention !== null) return this.tell(manager, subject, holds(kind, attention));
    // A check that is under way says nothing yet.
    return this.tell(manager, subject, { raise: [], clear: state === 'verifying' ? [] : [kind] });
  }

  ofSequence(manager: EntityManager, segmentId: string, news: Parameters<typeof alertsOfSequence>[1]): Promise<void> {
    const subject = { exportId: null, connectionId: null, segmentId, runId: null };
    return this.tell(manager, subject, alertsOfSequence(segmentId, news));
  }

  private async tell(manager: EntityManager, subject: Subject, { raise, clear }: AlertNews): Promise<void> {
    // A segment's id is upstream's, and may be any text.
    const subjectId = subject.exportId ?? subject.connectionId ?? derivedId('segment', subject.segmentId ?? '');
    for (const { kind, reason } of raise) {
      const alert = await this.alerts.open(manager, subjectId, kind, reason);
      if (alert !== null) await this.append(manager, subject, { alert, kind, state: 'raised' });
    }
    for (const kind of clear) {
      const alert = await this.alerts.close(manager, subjectId, kind);
      if (alert !== null) await this.append(manager, subject, { alert, kind, state: 'cleared' });
    }
  }

  private async append(
    manager: EntityManager,
    subject: Subject,
    { alert, kind, state }: { alert: OpenAlert; kind: AlertKind; state: 'raised' | 'cleared' },
  ): Promise<void> {
    const changedAt = this.clock.now().toISOString();
    await this.outbox.append(manager, alertChangedV1, {
      alertId: alert.id,
      kind,
      state,
      ...subject,
      reason: alert.reason,
      changedAt,
    });
  }
}

function holds(kind: AlertKind, { code, detail, remedy }: RunReason): AlertNews {
  return { raise: [{ kind, reason: { code, detail, remedy } }], clear: [] };
}
