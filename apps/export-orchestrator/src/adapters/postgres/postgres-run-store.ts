import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull, MoreThan } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity';
import type { RunRecord } from '../../domain/run';
import type { SnapshotAge } from '../../domain/replay';
import type { ShownRun } from '../../domain/run-view';
import {
  type FoundRun,
  type LastRun,
  type NewRun,
  type ReplayQuery,
  type RunChanges,
  type RunQuery,
  RunStore,
} from '../../ports/run-store';
import { RunEntity } from './run.entity';

/** How many runs one look for work considers; the rest comes with the next look. */
const LOOK_MAX = 100;

const shownColumns = [
  'id',
  'exportId',
  'connectionId',
  'listId',
  'kind',
  'trigger',
  'status',
  'phase',
  'reason',
  'counts',
  'invalidReasons',
  'rejectedReasons',
  'warnings',
  'waiting',
  'accountId',
  'withoutLedger',
  'attempt',
  'staged',
  'batchesTotal',
  'batchesFinished',
  'sequence',
  'age',
  'stopReason',
  'startedBy',
  'replayOf',
  'replay',
  'resends',
  'traceparent',
  'version',
  'createdAt',
  'startedAt',
  'finishedAt',
] as const satisfies readonly (keyof ShownRun)[];
const foundColumns = { id: true, exportId: true, sequence: true, traceparent: true } as const;
const lastColumns = ['id', 'exportId', 'status', 'trigger', 'finishedAt'] as const satisfies readonly (keyof LastRun)[];

/** The snapshots without their parts, in their order. */
const shownSnapshots = `(SELECT coalesce(jsonb_agg(used.one - 'snapshot' ORDER BY used.place), '[]')
  FROM jsonb_array_elements(run.snapshots) WITH ORDINALITY AS used (one, place))`;

const columns = (names: readonly string[]) => names.map((name) => `run.${name}`);

@Injectable()
export class PostgresRunStore extends RunStore {
  async lockStarts(manager: EntityManager, exportIds: readonly string[]): Promise<void> {
    // A lock of its own: the export's row is locked behind a run's by whoever finishes one, so it would be a deadlock here.
    for (const id of [...exportIds].sort()) {
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`starts ${id}`]);
    }
  }

  async insert(manager: EntityManager, run: NewRun): Promise<boolean> {
    const result = await manager
      .createQueryBuilder()
      .insert()
      .into(RunEntity)
      .values(run as QueryDeepPartialEntity<RunEntity>)
      .orIgnore()
      .returning('id')
      .execute();
    return (result.raw as unknown[]).length === 1;
  }

  find(manager: EntityManager, id: string): Promise<RunRecord | null> {
    return manager.findOneBy(RunEntity, { id });
  }

  findForUpdate(manager: EntityManager, id: string): Promise<RunRecord | null> {
    return manager.findOne(RunEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async update(manager: EntityManager, run: RunRecord, changes: RunChanges): Promise<RunRecord> {
    const changed = { ...changes, version: run.version + 1 };
    await manager.update(RunEntity, { id: run.id }, changed as QueryDeepPartialEntity<RunEntity>);
    return { ...run, ...changed };
  }

  async nextAge(manager: EntityManager, exportId: string): Promise<string> {
    const [row]: { age: string }[] = await manager.query(
      `SELECT greatest(max(age) + 1, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) AS age FROM runs WHERE export_id = $1`,
      [exportId],
    );
    if (row === undefined) throw new TypeError('an aggregate has one row');
    return row.age;
  }

  async list(manager: EntityManager, query: RunQuery): Promise<ShownRun[]> {
    const builder = manager.createQueryBuilder(RunEntity, 'run').select(columns(shownColumns));
    builder.addSelect(shownSnapshots, 'shown_snapshots');
    if (query.exportId !== undefined) builder.andWhere('run.exportId = :exportId', { exportId: query.exportId });
    if (query.status !== undefined) builder.andWhere('run.status = :status', { status: query.status });
    if (query.trigger !== undefined) builder.andWhere('run.trigger = :trigger', { trigger: query.trigger });
    if (query.from !== undefined) builder.andWhere('run.createdAt >= :from', { from: query.from });
    if (query.to !== undefined) builder.andWhere('run.createdAt < :to', { to: query.to });
    if (query.before !== undefined) builder.andWhere('(run.createdAt, run.id) < (:createdAt, :id)', query.before);
    builder.orderBy('run.createdAt', 'DESC').addOrderBy('run.id', 'DESC').limit(query.limit);
    const { entities, raw } = await builder.getRawAndEntities<{ shown_snapshots: ShownRun['snapshots'] }>();
    return entities.map((run, index) => ({ ...run, snapshots: raw[index]?.shown_snapshots ?? [] }));
  }

  async findLastOf(manager: EntityManager, exportIds: string[]): Promise<Map<string, LastRun>> {
    const runs = await manager
      .createQueryBuilder(RunEntity, 'run')
      .select(columns(lastColumns))
      .distinctOn(['run.exportId'])
      .where('run.exportId = ANY(:exportIds)', { exportIds })
      .orderBy('run.exportId')
      .addOrderBy('run.sequence', 'DESC')
      .getMany();
    return new Map(runs.map((run) => [run.exportId, run]));
  }

  findUnplanned(manager: EntityManager, afterSequence: string): Promise<FoundRun[]> {
    return manager.find(RunEntity, {
      select: foundColumns,
      // What the sink sends again has no plan to make.
      where: { finishedAt: IsNull(), staged: false, resends: IsNull(), sequence: MoreThan(afterSequence) },
      order: { sequence: 'ASC' },
      take: LOOK_MAX,
    });
  }

  findFinishing(manager: EntityManager): Promise<FoundRun[]> {
    return manager.find(RunEntity, {
      select: foundColumns,
      where: { finishedAt: IsNull(), phase: 'finishing' },
      order: { sequence: 'ASC' },
      take: LOOK_MAX,
    });
  }

  findReplayable(manager: EntityManager, query: ReplayQuery): Promise<RunRecord[]> {
    const builder = manager.createQueryBuilder(RunEntity, 'run').distinctOn(['run.exportId']).where('run.resends IS NULL');
    if (query.runId !== undefined) builder.andWhere('run.id = :runId', query);
    // A replay that came to nothing does not stand before the run that it would have repeated.
    else builder.andWhere(`NOT (run.trigger = 'replay' AND run.status IN ('skipped', 'superseded', 'canceled'))`);
    if (query.exportId !== undefined) builder.andWhere('run.exportId = :exportId', query);
    if (query.segmentId !== undefined) {
      const used = 'SELECT id FROM exports WHERE segment_ids @> ARRAY[:segmentId]';
      builder.andWhere(`run.exportId IN (${used})`, query);
    }
    if (query.from !== undefined) builder.andWhere('run.createdAt >= :from', query);
    if (query.to !== undefined) builder.andWhere('run.createdAt < :to', query);
    return builder.orderBy('run.exportId').addOrderBy('run.sequence', 'DESC').getMany();
  }

  findQueuedReplays(manager: EntityManager, of: { exportId: string } | { epoch: number }): Promise<RunRecord[]> {
    const which = 'exportId' in of ? 'run.exportId = :exportId' : `(run.replay ->> 'epoch')::int = :epoch`;
    return manager
      .createQueryBuilder(RunEntity, 'run')
      .setLock('pessimistic_write')
      .where(`${which} AND run.status = 'queued' AND run.trigger = 'replay'`, of)
      .orderBy('run.sequence')
      .getMany();
  }

  async deliveredSequences(manager: EntityManager, exportId: string, except: string | null): Promise<Map<string, SnapshotAge>> {
    const rows: { segment_id: string; era: number; sequence: string }[] = await manager.query(
      `SELECT DISTINCT ON (1) used ->> 'segmentId' AS segment_id, coalesce((used ->> 'era')::int, 0) AS era,
         (used ->> 'sequence')::bigint AS sequence
       FROM runs, jsonb_array_elements(snapshots) AS used
       WHERE export_id = $1 AND id IS DISTINCT FROM $2
         AND (status IN ('succeeded', 'completed_with_errors') OR (counts ->> 'accepted')::int + (counts ->> 'unconfirmed')::int > 0)
       ORDER BY 1, 2 DESC, 3 DESC`,
      [exportId, except],
    );
    return new Map(rows.map(({ segment_id, era, sequence }) => [segment_id, { era, sequence: Number(sequence) }]));
  }

  findQueuedBefore(manager: EntityManager, run: RunRecord): Promise<RunRecord[]> {
    return manager
      .createQueryBuilder(RunEntity, 'run')
      .setLock('pessimistic_write')
      .where(`run.exportId = :exportId AND run.status = 'queued' AND run.sequence < :sequence`, run)
      .getMany();
  }

  findOverdue(manager: EntityManager, times: { stopBefore: Date; giveUpBefore: Date }): Promise<FoundRun[]> {
    return (
      manager
        .createQueryBuilder(RunEntity, 'run')
        .select(columns(Object.keys(foundColumns)))
        .where('run.finishedAt IS NULL')
        // One that was stopped a moment ago only waits for the sink; a page full of those must not hide the others.
        .andWhere(
          `(run.createdAt < :giveUpBefore OR run.createdAt < :stopBefore AND run.stopReason IS NULL AND run.phase <> 'finishing')`,
          times,
        )
        .orderBy('run.sequence')
        .limit(LOOK_MAX)
        .getMany()
    );
  }

  async isListTaken(manager: EntityManager, run: RunRecord, accountId: string): Promise<boolean> {
    await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`list ${accountId}/${run.listId}`]);
    return (
      manager
        .createQueryBuilder(RunEntity, 'other')
        .where(`other.id <> :id AND other.finishedAt IS NULL AND other.status <> 'queued'`, { id: run.id })
        // One that was interrupted before its plan was frozen has sent nothing and may have to wait.
        .andWhere('(other.waiting IS NULL OR other.plan IS NOT NULL)')
        .andWhere('(other.exportId = :exportId OR (other.accountId = :accountId AND other.listId = :listId))', {
          ...run,
          accountId,
        })
        .getExists()
    );
  }
}
