import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ExportStore } from '../ports/export-store';
import { KeepExport } from './keep-export';

/** Ends the use of a removed connection: its exports lose it, or go with it where the administrator said so. */
@Injectable()
export class LeaveConnection {
  constructor(
    private readonly exports: ExportStore,
    private readonly keepExport: KeepExport,
  ) {}

  async execute(manager: EntityManager, connectionId: string, exports: 'detach' | 'remove'): Promise<void> {
    for (const id of await this.exports.findIdsOfConnection(manager, connectionId)) {
      const exported = await this.exports.findForUpdate(manager, id);
      if (exported?.connectionId === connectionId && exported.state !== 'removed') {
        await this.keepExport.change(manager, exported, { kind: exports }, null);
      }
    }
  }
}
