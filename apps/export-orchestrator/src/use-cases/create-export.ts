import { newId } from '@courier/kernel';
import { type Actor, AuditTrail } from '@courier/messaging';
import type { Once } from '@courier/persistence';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ExportRecord } from '../domain/export';
import { listFacts } from '../domain/list-look';
import { ConnectionStore } from '../ports/connection-store';
import { ListReader } from '../ports/list-reader';
import { AwaitConnection } from './await-connection';
import { KeepExport } from './keep-export';

export type NewExport = Pick<ExportRecord, 'name' | 'listId' | 'segmentIds' | 'mapping' | 'mode' | 'schedule'> & {
  connectionId: string;
};

export interface CreateRequest {
  user: Actor;
  once: Once;
  /** The caller's own credentials, for the look at the list. */
  authorization: string;
}

export type CreatedExport =
  | { kind: 'created'; id: string }
  | { kind: 'connection_not_found' }
  | { kind: 'connection_not_shared' }
  | { kind: 'list_not_found' };

/** Creates an export. Nothing runs before the next refresh, or before somebody asks. */
@Injectable()
export class CreateExport {
  constructor(
    private readonly dataSource: DataSource,
    private readonly connections: ConnectionStore,
    private readonly awaitConnection: AwaitConnection,
    private readonly lists: ListReader,
    private readonly keepExport: KeepExport,
    private readonly audit: AuditTrail,
  ) {}

  async execute(wanted: NewExport, { user: by, once, authorization }: CreateRequest): Promise<CreatedExport> {
    const kind = await this.awaitConnection.execute(wanted.connectionId, by.roles);
    if (kind !== 'usable') return { kind };
    const look = await this.lists.look(wanted, authorization);
    if (look.kind === 'not_found') return { kind: 'list_not_found' };
    const id = newId();
    const exported = { ...wanted, id, state: 'active' as const, attention: null, ...listFacts(look) };
    return this.dataSource.transaction(async (manager): Promise<CreatedExport> => {
      // It may have been removed since it was waited for.
      if ((await this.connections.findForShare(manager, wanted.connectionId))?.state === 'removed') {
        return { kind: 'connection_not_found' };
      }
      await this.keepExport.create(manager, exported, { sub: by.sub, name: by.name });
      await this.audit.record(manager, by, { action: 'export.created', aggregate: { type: 'export', id } });
      await once.record(manager, id);
      return { kind: 'created', id };
    });
  }
}
