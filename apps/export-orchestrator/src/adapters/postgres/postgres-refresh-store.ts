import type { Snapshot } from '@courier/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity';
import type { ListedRefresh, ListedSnapshot, RefreshRecord } from '../../domain/refresh';
import type { AwaitedJob, RunSnapshot } from '../../domain/run';
import { type RefreshQuery, RefreshStore } from '../../ports/refresh-store';
import { RefreshEntity } from './refresh.entity';

const listedColumns = [
  'id',
  'eventId',
  'epoch',
  'segmentId',
  'segmentName',
  'sequence',
  'refreshId',
  'workflowJobId',
  'result',
  'receivedAt',
  'verdict',
  'reason',
  'runIds',
] as const satisfies readonly (keyof ListedRefresh)[];

const shownSnapshot = `(refresh.snapshot - 'partitions')
  || jsonb_build_object('parts', jsonb_array_length(refresh.snapshot -> 'partitions'))`;

@Injectable()
export class PostgresRefreshStore extends RefreshStore {
  async insert(manager: EntityManager, refresh: RefreshRecord): Promise<void> {
    await manager.insert(RefreshEntity, refresh as QueryDeepPartialEntity<RefreshEntity>);
  }

  isKnown(manager: EntityManager, id: string): Promise<boolean> {
    return manager.existsBy(RefreshEntity, { id });
  }

  async newestSequence(manager: EntityManager, segmentId: string): Promise<number | null> {
    await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`segment ${segmentId}`]);
    const rows: { newest: string | null }[] = await manager.query(
      `SELECT max(sequence) AS newest FROM refreshes WHERE segment_id = $1 AND verdict <> 'ignored'`,
      [segmentId],
    );
    const newest = rows[0]?.newest ?? null;
    return newest === null ? null : Number(newest);
  }

  async newestSnapshots(manager: EntityManager, segmentIds: string[]): Promise<RunSnapshot[]> {
    const rows: { segment_id: string; refresh_id: string; sequence: string; snapshot: Snapshot }[] = await manager.query(
      `SELECT DISTINCT ON (segment_id) segment_id, refresh_id, sequence, snapshot FROM refreshes
       WHERE segment_id = ANY($1) AND result = 'successful' AND verdict <> 'ignored'
       ORDER BY segment_id, sequence DESC, received_at`,
      [segmentIds],
    );
    const found = new Map(rows.map((row) => [row.segment_id, row]));
    return segmentIds.flatMap((segmentId) => {
      const row = found.get(segmentId);
      if (row === undefined) return [];
      return [{ segmentId, refreshId: row.refresh_id, sequence: Number(row.sequence), snapshot: row.snapshot }];
    });
  }

  async reportedSegments(manager: EntityManager, job: AwaitedJob): Promise<{ segmentId: string; result: string }[]> {
    const rows: { segment_id: string; result: string }[] = await manager.query(
      `SELECT DISTINCT ON (segment_id) segment_id, result FROM refreshes
       WHERE workflow_job_id = $1 AND segment_id = ANY($2) AND verdict <> 'ignored'
       ORDER BY segment_id, sequence DESC, received_at DESC`,
      [job.workflowJobId, job.segmentIds],
    );
    return rows.map((row) => ({ segmentId: row.segment_id, result: row.result }));
  }

  listLastOfSegments(manager: EntityManager, query: Pick<RefreshQuery, 'before' | 'limit'>): Promise<ListedRefresh[]> {
    const builder = this.listed(manager)
      .where(`refresh.verdict <> 'ignored' AND ${isFirst('refresh')}`)
      .andWhere(
        `NOT EXISTS (SELECT 1 FROM refreshes later WHERE later.segment_id = refresh.segment_id AND later.verdict <> 'ignored'
           AND ${isFirst('later')} AND (later.received_at, later.id) > (refresh.received_at, refresh.id))`,
      );
    return this.page(builder, query).getMany();
  }

  list(manager: EntityManager, { segmentId, ...query }: RefreshQuery): Promise<ListedRefresh[]> {
    const builder = this.listed(manager);
    if (segmentId !== undefined) builder.andWhere('refresh.segmentId = :segmentId', { segmentId });
    return this.page(builder, query).getMany();
  }

  async listSnapshots(
    manager: EntityManager,
    { segmentId, ...query }: RefreshQuery & { segmentId: string },
  ): Promise<ListedSnapshot[]> {
    const builder = this.listed(manager).addSelect(shownSnapshot, 'shown_snapshot');
    builder.where(`refresh.segmentId = :segmentId AND refresh.result = 'successful' AND ${isFirst('refresh')}`, { segmentId });
    const { entities, raw } = await this.page(builder, query).getRawAndEntities<{ shown_snapshot: ListedSnapshot['snapshot'] }>();
    return entities.flatMap((refresh, index) => {
      const snapshot = raw[index]?.shown_snapshot;
      return snapshot === undefined ? [] : [{ ...refresh, snapshot }];
    });
  }

  private listed(manager: EntityManager): SelectQueryBuilder<RefreshEntity> {
    return manager.createQueryBuilder(RefreshEntity, 'refresh').select(listedColumns.map((name) => `refresh.${name}`));
  }

  private page(builder: SelectQueryBuilder<RefreshEntity>, { before, limit }: Pick<RefreshQuery, 'before' | 'limit'>) {
    if (before !== undefined) builder.andWhere('(refresh.receivedAt, refresh.id) < (:createdAt, :id)', before);
    return builder.orderBy('refresh.receivedAt', 'DESC').addOrderBy('refresh.id', 'DESC').limit(limit);
  }
}

/** Not read again. What only a replay has read counts too; the sequence is there for the index. */
function isFirst(refresh: string): string {
  return `NOT EXISTS (SELECT 1 FROM refreshes earlier WHERE earlier.segment_id = ${refresh}.segment_id
    AND earlier.sequence = ${refresh}.sequence AND earlier.event_id = ${refresh}.event_id
    AND earlier.epoch < ${refresh}.epoch AND earlier.verdict <> 'ignored')`;
}
