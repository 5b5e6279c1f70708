import { exportChangedV1, type Person, type RunReason } from '@courier/contracts';
import { type Clock, nextVersion } from '@courier/kernel';
import { changedFields, type FieldChange, Outbox } from '@courier/messaging';
import { notify } from '@courier/persistence';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ExportRecord } from '../domain/export';
import { changeExport, type ChangedExport, type ExportEvent } from '../domain/export-changes';
import { toExportChanged } from '../domain/export-state';
import { CLOCK } from '../ports/clock';
import { ExportStore } from '../ports/export-store';
import { RUNS_CHANNEL } from './change-run';
import { TellAlerts } from './tell-alerts';

export type KeptChange =
  /** No change at all where the export was like that before: then nothing is written and told. */
  { kind: 'changed'; exported: ExportRecord; changes: FieldChange[] } | Exclude<ChangedExport, { kind: 'changed' }>;

const editable = ['name', 'connectionId', 'listId', 'segmentIds', 'mapping', 'mode', 'schedule'] as const;

/** The one way to make or change an export on somebody's word: writes it and tells everybody, in the caller's transaction. */
@Injectable()
export class KeepExport {
  constructor(
    private readonly exports: ExportStore,
    private readonly outbox: Outbox,
    private readonly alerts: TellAlerts,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async create(
    manager: EntityManager,
    given: Omit<ExportRecord, 'version' | 'createdAt' | 'createdBy' | 'updatedAt' | 'updatedBy'>,
    by: Person,
  ): Promise<void> {
    const now = this.clock.now();
    const made = { ...given, version: 1, createdAt: now, createdBy: by, updatedAt: now, updatedBy: by };
    await this.exports.insert(manager, made);
    await this.outbox.append(manager, exportChangedV1, toExportChanged(made, now));
  }

  /** A run found that the export needs a person (or, with null, needs none any more). `exported` must be locked by this transaction. */
  async attend(manager: EntityManager, exported: ExportRecord, attention: RunReason | null): Promise<void> {
    const state = attention === null ? ('active' as const) : ('needs_attention' as const);
    const version = nextVersion(exported.version, this.clock.now());
    await this.write(manager, { ...exported, state, attention, version });
  }

  private async write(manager: EntityManager, changed: ExportRecord): Promise<void> {
    await this.exports.update(manager, changed);
    await this.outbox.append(manager, exportChangedV1, toExportChanged(changed, this.clock.now()));
    await this.alerts.ofExport(manager, changed);
  }

  /** `exported` must be locked by this transaction. A run that has not begun may have to give way, so the workers are told. */
  async change(manager: EntityManager, exported: ExportRecord, event: ExportEvent, by: Person | null): Promise<KeptChange> {
    const result = changeExport(exported, event);
    if (result.kind !== 'changed') return result;
    const changes = changedFields(exported, result.exported, { named: editable, shown: ['state'] });
    if (changes.length === 0) return { kind: 'changed', exported, changes };
    const now = this.clock.now();
    const changed = {
      ...result.exported,
      version: nextVersion(exported.version, now),
      updatedAt: now,
      updatedBy: by ?? exported.updatedBy,
    };
    await this.write(manager, changed);
    await notify(manager, RUNS_CHANNEL);
    return { kind: 'changed', exported: changed, changes };
  }
}
