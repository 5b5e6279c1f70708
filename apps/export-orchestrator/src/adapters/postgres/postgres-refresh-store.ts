import type { Snapshot } from '@courier/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity';
import type { RefreshRecord } from '../../domain/refresh';
import type { AwaitedJob, RunSnapshot } from '../../domain/run';
import { type RefreshQuery, RefreshStore } from '../../ports/refresh-store';
import { RefreshEntity } from './refresh.entity';

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

  listLastOfSegments(manager: EntityManager, query: Pick<RefreshQuery, 'before' | 'limit'>): Promise<RefreshRecord[]> {
    const builder = manager
      .createQueryBuilder(RefreshEntity, 'refresh')
      .where(`refresh.verdict <> 'ignored' AND ${isFirst('refresh')}`)
      .andWhere(
        `NOT EXISTS (SELECT 1 FROM refreshes later WHERE later.segment_id = refresh.segment_id AND later.verdict <> 'ignored'
           AND ${isFirst('later')} AND (later.received_at, later.id) > (refresh.received_at, refresh.id))`,
      );
    if (query.before !== undefined) builder.andWhere('(refresh.receivedAt, refresh.id) < (:createdAt, :id)', query.before);
    return builder.orderBy('refresh.receivedAt', 'DESC').addOrderBy('refresh.id', 'DESC').limit(query.limit).getMany();
  }

  list(manager: EntityManager, query: RefreshQuery): Promise<RefreshRecord[]> {
    const builder = manager.createQueryBuilder(RefreshEntity, 'refresh');
    if (query.segmentId !== undefined) builder.andWhere('refresh.segmentId = :segmentId', { segmentId: query.segmentId });
    if (query.once === true) builder.andWhere(isFirst('refresh'));
    if (query.result !== undefined) builder.andWhere('refresh.result = :result', { result: query.result });
    if (query.before !== undefined) builder.andWhere('(refresh.receivedAt, refresh.id) < (:createdAt, :id)', query.before);
    return builder.orderBy('refresh.receivedAt', 'DESC').addOrderBy('refresh.id', 'DESC').limit(query.limit).getMany();
  }
}

/** Not read again. What only a replay has read counts too; the sequence is there for the index. */
function isFirst(refresh: string): string {
  return `NOT EXISTS (SELECT 1 FROM refreshes earlier WHERE earlier.segment_id = ${refresh}.segment_id
    AND earlier.sequence = ${refresh}.sequence AND earlier.event_id = ${refresh}.event_id
    AND earlier.epoch < ${refresh}.epoch AND earlier.verdict <> 'ignored')`;
}
