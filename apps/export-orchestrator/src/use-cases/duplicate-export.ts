import { newId } from '@courier/kernel';
import { type Actor, AuditTrail } from '@courier/messaging';
import type { Once } from '@courier/persistence';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { editRefusal, type EditRefusal } from '../domain/permissions';
import { ConnectionStore } from '../ports/connection-store';
import { ExportStore } from '../ports/export-store';
import { KeepExport } from './keep-export';

export type DuplicatedExport = { kind: 'created'; id: string } | { kind: 'export_not_found' } | { kind: EditRefusal };

const NAME_CHARS_MAX = 200;
const SUFFIX = ' (copy)';

/** Copies an export. The copy rests until somebody activates it: two exports would fill one list. */
@Injectable()
export class DuplicateExport {
  constructor(
    private readonly dataSource: DataSource,
    private readonly exports: ExportStore,
    private readonly connections: ConnectionStore,
    private readonly keepExport: KeepExport,
    private readonly audit: AuditTrail,
  ) {}

  async execute(exportId: string, by: Actor, once: Once): Promise<DuplicatedExport> {
    return this.dataSource.transaction(async (manager): Promise<DuplicatedExport> => {
      const original = await this.exports.find(manager, exportId);
      if (original === null || original.state === 'removed') return { kind: 'export_not_found' };
      const { name, connectionId, listId, segmentIds, mapping, mode, schedule, listName, listChecked } = original;
      const connection = connectionId === null ? null : await this.connections.findForShare(manager, connectionId);
      const refusal = editRefusal(by, original, connection);
      if (refusal !== null) return { kind: refusal };
      const id = newId();
      const copy = { id, connectionId, listId, segmentIds, mapping, mode, schedule, listName, listChecked, listProblem: null };
      const state = connectionId === null ? ('detached' as const) : ('paused' as const);
      await this.keepExport.create(
        manager,
        { ...copy, name: name.slice(0, NAME_CHARS_MAX - SUFFIX.length) + SUFFIX, state, attention: null },
        { sub: by.sub, name: by.name },
      );
      await this.audit.record(manager, by, {
        action: 'export.duplicated',
        aggregate: { type: 'export', id },
        related: [{ type: 'export', id: exportId }],
      });
      await once.record(manager, id);
      return { kind: 'created', id };
    });
  }
}
