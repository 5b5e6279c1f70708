import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ExportRecord, ExportSort } from '../../domain/export';
import { listFacts, type ListLook } from '../../domain/list-look';
import { type ExportQuery, ExportStore } from '../../ports/export-store';
import { ExportEntity } from './export.entity';

/** Names in the order of their characters, whatever the database's language is. */
const sortColumns: Record<ExportSort, { column: string; type: string }> = {
  createdAt: { column: 'export.createdAt', type: 'timestamptz' },
  updatedAt: { column: 'export.updatedAt', type: 'timestamptz' },
  name: { column: 'export.name COLLATE "C"', type: 'text' },
};

@Injectable()
export class PostgresExportStore extends ExportStore {
  async insert(manager: EntityManager, record: ExportRecord): Promise<void> {
    await manager.insert(ExportEntity, record);
  }

  find(manager: EntityManager, id: string): Promise<ExportRecord | null> {
    return manager.findOneBy(ExportEntity, { id });
  }

  findForUpdate(manager: EntityManager, id: string): Promise<ExportRecord | null> {
    return manager.findOne(ExportEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async update(manager: EntityManager, { id, ...record }: ExportRecord): Promise<void> {
    await manager.update(ExportEntity, { id }, record);
  }

  list(manager: EntityManager, query: ExportQuery): Promise<ExportRecord[]> {
    const builder = manager.createQueryBuilder(ExportEntity, 'export').where(`export.state <> 'removed'`);
    if (query.segmentId !== undefined) builder.andWhere(':segmentId = ANY(export.segmentIds)', { segmentId: query.segmentId });
    if (query.connectionId !== undefined)
      builder.andWhere('export.connectionId = :connectionId', { connectionId: query.connectionId });
    if (query.state !== undefined) builder.andWhere('export.state = :state', { state: query.state });
    if (query.q !== undefined) builder.andWhere('position(lower(:q) IN lower(export.name)) > 0', { q: query.q });
    const { column, type } = sortColumns[query.order.by];
    const [direction, beyond] = query.order.descending ? (['DESC', '<'] as const) : (['ASC', '>'] as const);
    if (query.after !== undefined) {
      builder.andWhere(`(${column}, export.id) ${beyond} (CAST(:value AS ${type}), :id)`, query.after);
    }
    return builder.orderBy(column, direction).addOrderBy('export.id', direction).limit(query.limit).getMany();
  }

  async findAllIds(manager: EntityManager): Promise<string[]> {
    const found = await manager.find(ExportEntity, { select: { id: true }, order: { id: 'ASC' } });
    return found.map(({ id }) => id);
  }

  async findIdsOfConnection(manager: EntityManager, connectionId: string): Promise<string[]> {
    const found = await manager.find(ExportEntity, { select: { id: true }, where: { connectionId }, order: { id: 'ASC' } });
    return found.map(({ id }) => id);
  }

  async keepLook(
    manager: EntityManager,
    id: string,
    { connectionId, listId, look }: { connectionId: string; listId: string; look: ListLook },
  ): Promise<void> {
    await manager.update(ExportEntity, { id, connectionId, listId }, listFacts(look));
  }

  findActiveBySegment(manager: EntityManager, segmentId: string): Promise<ExportRecord[]> {
    return manager
      .createQueryBuilder(ExportEntity, 'export')
      .where(`export.state = 'active' AND export.schedule->>'on' = 'refresh' AND export.segmentIds @> ARRAY[:segmentId]`, {
        segmentId,
      })
      .orderBy('export.id')
      .getMany();
  }
}
