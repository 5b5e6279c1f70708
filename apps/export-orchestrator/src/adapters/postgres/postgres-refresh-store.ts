import type { Snapshot } from '@courier/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity';
import {
  type HeardRefresh,
  type ListedRefresh,
  type ListedSnapshot,
  type RefreshRecord,
  type SegmentSequence,
} from '../../domain/refresh';
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
  'era',
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

  async sequenceOf(manager: EntityManager, segmentId: string): Promise<SegmentSequence> {
    const rows: { era: number; newest: string | null; stale_in_a_row: number }[] = await manager.query(
      `SELECT era, stale_in_a_row, greatest(floor, (SELECT max(sequence) FROM refreshes
         WHERE refreshes.segment_id = known.segment_id AND refreshes.era = known.era AND verdict <> 'ignored')) AS newest
       FROM (SELECT $1::text AS segment_id, coalesce(max(era), 0) AS era, max(floor) AS floor, coalesce(max(stale_in_a_row), 0) AS stale_in_a_row
         FROM segment_sequences WHERE segment_id = $1) AS known`,
      [segmentId],
    );
    const { era = 0, newest = null, stale_in_a_row: staleInARow = 0 } = rows[0] ?? {};
    return { era, newest: newest === null ? null : Number(newest), staleInARow };
  }

  async lockSequence(manager: EntityManager, segmentId: string): Promise<SegmentSequence> {
    await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`segment ${segmentId}`]);
    return this.sequenceOf(manager, segmentId);
  }

  async keepStaleInARow(manager: EntityManager, segmentId: string, staleInARow: number): Promise<void> {
    await manager.query(
      `INSERT INTO segment_sequences (segment_id, stale_in_a_row) VALUES ($1, $2)
       ON CONFLICT (segment_id) DO UPDATE SET stale_in_a_row = excluded.stale_in_a_row`,
      [segmentId, staleInARow],
    );
  }

  async resetSequence(manager: EntityManager, segmentId: string, floor: number | null): Promise<void> {
    await manager.query(
      `INSERT INTO segment_sequences AS known (segment_id, era, floor) VALUES ($1, 1, $2)
       ON CONFLICT (segment_id) DO UPDATE SET era = known.era + 1, floor = excluded.floor, stale_in_a_row = 0`,
      [segmentId, floor],
    );
  }

  async eraOf(manager: EntityManager, { eventId }: Pick<HeardRefresh, 'eventId'>, segmentId: string): Promise<number> {
    const [row]: { era: number }[] = await manager.query(
      `SELECT coalesce((SELECT era FROM refreshes WHERE segment_id = $2 AND event_id = $1 ORDER BY epoch LIMIT 1),
         (SELECT era FROM segment_sequences WHERE segment_id = $2), 0) AS era`,
      [eventId, segmentId],
    );
    return row?.era ?? 0;
  }

  async newestSnapshots(manager: EntityManager, segmentIds: string[]): Promise<RunSnapshot[]> {
    const rows: { segment_id: string; refresh_id: string; sequence: string; era: number; snapshot: Snapshot }[] =
      await manager.query(
        `SELECT newest.* FROM (SELECT DISTINCT unnest($1::text[]) AS id) AS wanted CROSS JOIN LATERAL (
         SELECT segment_id, refresh_id, sequence, era, snapshot FROM refreshes
         WHERE segment_id = wanted.id AND result = 'successful' AND verdict <> 'ignored'
         ORDER BY era DESC, sequence DESC, received_at LIMIT 1) AS newest`,
        [segmentIds],
      );
    const found = new Map(rows.map((row) => [row.segment_id, row]));
    return segmentIds.flatMap((segmentId) => {
      const row = found.get(segmentId);
      if (row === undefined) return [];
      const { refresh_id: refreshId, sequence, era, snapshot } = row;
      return [{ segmentId, refreshId, sequence: Number(sequence), era, snapshot }];
    });
  }

  async reportedSegments(manager: EntityManager, job: AwaitedJob): Promise<{ segmentId: string; result: string }[]> {
    const rows: { segment_id: string; result: string }[] = await manager.query(
      `SELECT DISTINCT ON (segment_id) segment_id, result FROM refreshes
       WHERE workflow_job_id = $1 AND segment_id = ANY($2) AND verdict <> 'ignored'
       ORDER BY segment_id, era DESC, sequence DESC, received_at DESC`,
      [job.workflowJobId, job.segmentIds],
    );
    return rows.map((row) => ({ segmentId: row.segment_id, result: row.result }));
  }

  listLastOfSegments(manager: EntityManager, { segmentId, ...query }: RefreshQuery): Promise<ListedRefresh[]> {
    const builder = this.listed(manager)
      .where(`refresh.verdict <> 'ignored' AND ${isFirst('refresh')}`)
      .andWhere(
        `NOT EXISTS (SELECT 1 FROM refreshes later WHERE later.segment_id = refresh.segment_id AND later.verdict <> 'ignored'
           AND ${isFirst('later')} AND (later.received_at, later.id) > (refresh.received_at, refresh.id))`,
      );
    if (segmentId !== undefined) builder.andWhere('refresh.segmentId = :segmentId', { segmentId });
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
