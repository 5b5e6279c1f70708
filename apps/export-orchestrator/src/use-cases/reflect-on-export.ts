import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ExportRecord } from '../domain/export';
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
    const found = await this.exports.findForUpdate(manager, run.exportId);
    if (found === null || found.listId !== run.listId) return;
    const exported = isReached(run, found, reason) ? await this.forgetProblem(manager, found) : found;
    if (reason?.code === 'list_not_found' && exported.state === 'active') {
      await this.keepExport.attend(manager, exported, reason);
    }
    if (exported.state === 'needs_attention' && run.counts.accepted > 0 && status !== 'failed') {
      await this.keepExport.attend(manager, exported, null);
    }
  }

  /** As with a look at the list: no new version, for nobody changed the export. */
  private async forgetProblem(manager: EntityManager, exported: ExportRecord): Promise<ExportRecord> {
    if (exported.listProblem === null) return exported;
    const healed = { ...exported, listProblem: null };
    await this.exports.update(manager, healed);
    return healed;
  }
}

/** Whether Klaviyo took people into the list that the export has, and it was still there at the end. */
function isReached({ connectionId, counts }: RunRecord, exported: ExportRecord, reason: RunResult['reason']): boolean {
  return counts.accepted > 0 && exported.connectionId === connectionId && reason?.code !== 'list_not_found';
}
