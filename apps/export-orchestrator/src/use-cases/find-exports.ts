import type { Export } from '@courier/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isKept, type KeptExport } from '../domain/export';
import { type Caller, editRefusal } from '../domain/permissions';
import { ConnectionStore } from '../ports/connection-store';
import { type ExportQuery, ExportStore } from '../ports/export-store';
import { type LastRun, RunStore } from '../ports/run-store';

/** An export with what belongs beside it: its last run of any trigger and what the reader may do. */
@Injectable()
export class FindExports {
  constructor(
    private readonly dataSource: DataSource,
    private readonly exports: ExportStore,
    private readonly connections: ConnectionStore,
    private readonly runs: RunStore,
  ) {}

  async one(id: string, reader: Caller): Promise<{ version: number; view: Export } | null> {
    const found = await this.exports.find(this.dataSource.manager, id);
    if (found === null || !isKept(found)) return null;
    const lastRuns = await this.runs.findLastOf(this.dataSource.manager, [id]);
    return { version: found.version, view: await this.view(found, lastRuns.get(id) ?? null, reader) };
  }

  /** Up to `limit` rows with their views; the rows carry what a cursor is made of. */
  async page(query: ExportQuery, reader: Caller): Promise<(KeptExport & { view: Export })[]> {
    const { manager } = this.dataSource;
    const found = (await this.exports.list(manager, query)).filter(isKept);
    const lastRuns = await this.runs.findLastOf(
      manager,
      found.map(({ id }) => id),
    );
    return Promise.all(found.map(async (row) => ({ ...row, view: await this.view(row, lastRuns.get(row.id) ?? null, reader) })));
  }

  private async view(exported: KeptExport, lastRun: LastRun | null, reader: Caller): Promise<Export> {
    const { manager } = this.dataSource;
    const connection = exported.connectionId === null ? null : await this.connections.find(manager, exported.connectionId);
    return {
      id: exported.id,
      name: exported.name,
      connectionId: exported.connectionId,
      listId: exported.listId,
      segmentIds: exported.segmentIds,
      mapping: exported.mapping,
      mode: exported.mode,
      schedule: exported.schedule,
      state: exported.state,
      attention: exported.attention,
      list: { name: exported.listName, checked: exported.listChecked, problem: exported.listProblem },
      // Incremental runs come later.
      nextRunFull: true,
      lastRun: lastRun && {
        id: lastRun.id,
        status: lastRun.status,
        trigger: lastRun.trigger,
        finishedAt: lastRun.finishedAt?.toISOString() ?? null,
      },
      yourPermissions: editRefusal(reader, exported, connection) === null ? 'edit' : 'view',
      createdAt: exported.createdAt.toISOString(),
      createdBy: exported.createdBy,
      updatedAt: exported.updatedAt.toISOString(),
      updatedBy: exported.updatedBy,
    };
  }
}
