import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ExportStore } from '../ports/export-store';
import { ListReader } from '../ports/list-reader';

/** Looks up the list of an export where that has not worked yet. Beside the export's own changes: an answer that does not come is no error. */
@Injectable()
export class CheckList {
  constructor(
    private readonly dataSource: DataSource,
    private readonly exports: ExportStore,
    private readonly lists: ListReader,
  ) {}

  async execute(exportId: string, authorization: string): Promise<void> {
    const { manager } = this.dataSource;
    const exported = await this.exports.find(manager, exportId);
    if (exported === null || exported.listChecked || exported.connectionId === null) return;
    const list = { connectionId: exported.connectionId, listId: exported.listId };
    const look = await this.lists.look(list, authorization);
    await this.exports.keepLook(manager, exportId, { ...list, look });
  }
}
