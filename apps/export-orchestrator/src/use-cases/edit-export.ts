import { type Actor, AuditTrail } from '@courier/messaging';
import type { Once } from '@courier/persistence';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ExportRecord } from '../domain/export';
import type { ExportEvent, ExportPatch } from '../domain/export-changes';
import { editRefusal, type EditRefusal } from '../domain/permissions';
import { ConnectionStore } from '../ports/connection-store';
import { ExportStore } from '../ports/export-store';
import { ListReader } from '../ports/list-reader';
import { AwaitConnection } from './await-connection';
import { KeepExport } from './keep-export';

export interface EditRequest {
  user: Actor;
  once: Pick<Once, 'record'>;
  /** The caller's own credentials, for the look at another list. */
  authorization: string;
  /** Whether the caller means this version. */
  matches: (version: number) => boolean;
}

const actions: Record<ExportEvent['kind'], string> = {
  patch: 'export.changed',
  pause: 'export.paused',
  activate: 'export.activated',
  detach: 'export.detached',
  remove: 'export.removed',
};

export type EditedExport =
  | { kind: 'changed' }
  | { kind: 'export_not_found' }
  | { kind: EditRefusal }
  | { kind: 'version_differs' }
  | { kind: 'no_connection' }
  | { kind: 'list_not_found' }
  | { kind: 'connection_not_found' };

/** Changes, pauses, activates or removes an export for somebody who may. */
@Injectable()
export class EditExport {
  constructor(
    private readonly dataSource: DataSource,
    private readonly exports: ExportStore,
    private readonly connections: ConnectionStore,
    private readonly awaitConnection: AwaitConnection,
    private readonly lists: ListReader,
    private readonly keepExport: KeepExport,
    private readonly audit: AuditTrail,
  ) {}

  async execute(
    exportId: string,
    event: ExportEvent,
    { user, once, matches, authorization }: EditRequest,
  ): Promise<EditedExport> {
    const before = event.kind === 'patch' ? await this.exports.find(this.dataSource.manager, exportId) : null;
    const attached = event.kind === 'patch' && before !== null ? (event.patch.connectionId ?? null) : null;
    if (attached !== null) {
      const kind = await this.awaitConnection.execute(attached, user.roles);
      if (kind !== 'usable') return { kind };
    }
    const looked = event.kind === 'patch' && before !== null ? await this.lookAt(before, event.patch, authorization) : null;
    return this.dataSource.transaction(async (manager): Promise<EditedExport> => {
      // It may have been removed since it was waited for. Before the export's row, as the removal locks them.
      if (attached !== null && (await this.connections.findForShare(manager, attached))?.state === 'removed') {
        return { kind: 'connection_not_found' };
      }
      const exported = await this.exports.findForUpdate(manager, exportId);
      if (exported === null || exported.state === 'removed') return { kind: 'export_not_found' };
      const { connectionId } = exported;
      const connection = connectionId === null ? null : await this.connections.find(manager, connectionId);
      const refusal = editRefusal(user, exported, connection);
      if (refusal !== null) return { kind: refusal };
      if (!matches(exported.version)) return { kind: 'version_differs' };
      // What an account has is told only to those who may edit the export.
      if (looked?.look.kind === 'not_found') return { kind: 'list_not_found' };
      const result = await this.keepExport.change(manager, exported, event, { sub: user.sub, name: user.name });
      if (result.kind !== 'changed') return result;
      if (looked !== null) await this.exports.keepLook(manager, exportId, looked);
      const { changes } = result;
      if (changes.length > 0) {
        await this.audit.record(manager, user, {
          action: actions[event.kind],
          aggregate: { type: 'export', id: exportId },
          changes,
        });
      }
      await once.record(manager, exportId);
      return { kind: 'changed' };
    });
  }

  /** At the list that the patch leads to, where it is another one; in no transaction, for it may take seconds. */
  private async lookAt(before: ExportRecord, patch: ExportPatch, authorization: string) {
    const { connectionId, listId } = { ...before, ...patch };
    if (connectionId === null || (connectionId === before.connectionId && listId === before.listId)) return null;
    return { connectionId, listId, look: await this.lists.look({ connectionId, listId }, authorization) };
  }
}
