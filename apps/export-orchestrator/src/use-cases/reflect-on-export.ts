import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RunRecord } from '../domain/run';
import type { RunResult } from '../domain/run-result';
import { ExportStore } from '../ports/export-store';
import { KeepExport } from './keep-export';

/** What the end of a run says about its export, in the transaction that ends the run. */
@Injectable()
export class ReflectOnExport {
  constructor(
    private readonly exports: ExportStore,
    private readonly keepExport: KeepExport,
  ) {}

  /** A list that is gone stops the export from failing with every refresh; a run that reaches the list heals it. */
  async execute(manager: EntityManager, run: RunRecord, { status, reason }: RunResult): Promise<void> {
    const exported = await this.exports.findForUpdate(manager, run.exportId);
    if (exported === null || exported.listId !== run.listId) return;
    if (reason?.code === 'list_not_found' && exported.state === 'active') {
      await this.keepExport.attend(manager, exported, reason);
    }
    if (exported.state === 'needs_attention' && run.counts.accepted > 0 && status !== 'failed') {
      await this.keepExport.attend(manager, exported, null);
    }
  }
}
