import type { Export } from '@courier/contracts';
import type { EntityManager } from 'typeorm';
import type { ListLook } from '../domain/list-look';
import type { ExportOrder, ExportRecord } from '../domain/export';

export interface ExportQuery {
  segmentId?: string;
  connectionId?: string;
  state?: Export['state'];
  /** Part of the name, in any case. */
  q?: string;
  order: ExportOrder;
  /** The place in the order where the page before ended: a time as ISO text, or a name. */
  after?: { value: string; id: string };
  limit: number;
}

export abstract class ExportStore {
  abstract insert(manager: EntityManager, record: ExportRecord): Promise<void>;
  abstract find(manager: EntityManager, id: string): Promise<ExportRecord | null>;
  /** With the row locked until the transaction ends. */
  abstract findForUpdate(manager: EntityManager, id: string): Promise<ExportRecord | null>;
  abstract update(manager: EntityManager, record: ExportRecord): Promise<void>;
  /** Removed ones are left out. */
  abstract list(manager: EntityManager, query: ExportQuery): Promise<ExportRecord[]>;
  /** Oldest first. */
  abstract findAllIds(manager: EntityManager): Promise<string[]>;
  abstract findIdsOfConnection(manager: EntityManager, connectionId: string): Promise<string[]>;
  /** What was found out about the list, unless the export has another one by now. No new version: nobody changed the export. */
  abstract keepLook(
    manager: EntityManager,
    id: string,
    list: { connectionId: string; listId: string; look: ListLook },
  ): Promise<void>;
  /** Exports in state `active` that run with every refresh of this segment. */
  abstract findActiveBySegment(manager: EntityManager, segmentId: string): Promise<ExportRecord[]>;
}
