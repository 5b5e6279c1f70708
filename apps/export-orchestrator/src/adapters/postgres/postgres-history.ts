import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { History } from '../../ports/history';

/** Each with up to some hundred batches. */
const RUNS_AT_ONCE = 50;
const REFRESHES_AT_ONCE = 1_000;

/** As `deliveredSequences` of the run store has it. */
const delivered = (run: string): string => `(${run}.status IN ('succeeded', 'completed_with_errors')
  OR (${run}.counts ->> 'accepted')::int + (${run}.counts ->> 'unconfirmed')::int > 0)`;

/** A run of before eras is of the first one. */
const era = (snapshot: string): string => `coalesce((${snapshot} ->> 'era')::int, 0)`;

/** Whether a delivered run is the one that brought the newest snapshot of one of its segments to where its export delivers. */
const TELLS_WHAT_WAS_DELIVERED = `${delivered('old')} AND EXISTS (
  SELECT 1 FROM jsonb_array_elements(old.snapshots) AS used WHERE NOT EXISTS (
    SELECT 1 FROM runs newer, jsonb_array_elements(newer.snapshots) AS other
    WHERE newer.export_id = old.export_id AND newer.id <> old.id AND ${delivered('newer')}
      AND other ->> 'segmentId' = used ->> 'segmentId'
      AND (${era('other')}, (other ->> 'sequence')::bigint, newer.sequence)
        > (${era('used')}, (used ->> 'sequence')::bigint, old.sequence)))`;

/** An alert is raised in the transaction that ends its run; the run's time is the service's, the alert's PostgreSQL's. */
const HAS_OPEN_ALERT = `EXISTS (
  SELECT 1 FROM alerts WHERE subject_id = old.export_id
    AND raised_at BETWEEN old.finished_at - interval '1 hour' AND old.finished_at + interval '1 hour')`;

const OLD_RUNS = `
  SELECT old.id FROM runs AS old
  WHERE old.finished_at < $1
    AND EXISTS (SELECT 1 FROM runs newer WHERE newer.export_id = old.export_id AND newer.sequence > old.sequence)
    AND NOT EXISTS (SELECT 1 FROM runs child WHERE child.finished_at IS NULL AND old.id IN (child.replay_of, child.resends))
    AND NOT ${HAS_OPEN_ALERT}
    AND NOT (${TELLS_WHAT_WAS_DELIVERED})
  ORDER BY old.finished_at LIMIT ${RUNS_AT_ONCE} FOR UPDATE SKIP LOCKED`;

/**
 * The later one has to be newer in both ways: a replay hears again what is older, and after a reset a segment counts from below. What a
 * replay has read itself came late, and its time says nothing. The first reading stays as long as another one, which would pass for the
 * first without it.
 */
const OLD_REFRESHES = `
  SELECT old.id FROM refreshes AS old
  WHERE old.received_at < $1 AND (old.verdict = 'ignored' OR (
    EXISTS (SELECT 1 FROM refreshes later
      WHERE later.segment_id = old.segment_id AND later.verdict <> 'ignored' AND later.result = 'successful'
        AND (later.era, later.sequence) > (old.era, old.sequence)
        AND (old.epoch > 0 OR later.received_at > old.received_at))
    AND NOT EXISTS (SELECT 1 FROM refreshes again
      WHERE again.segment_id = old.segment_id AND again.sequence = old.sequence AND again.event_id = old.event_id
        AND again.epoch > old.epoch AND again.verdict <> 'ignored')))
  ORDER BY old.received_at LIMIT ${REFRESHES_AT_ONCE} FOR UPDATE SKIP LOCKED`;

@Injectable()
export class PostgresHistory extends History {
  async removeRuns(manager: EntityManager, before: Date): Promise<number> {
    const old: { id: string }[] = await manager.query(OLD_RUNS, [before]);
    const ids = old.map(({ id }) => id);
    await manager.query('DELETE FROM batches WHERE run_id = ANY($1)', [ids]);
    await manager.query('DELETE FROM runs WHERE id = ANY($1)', [ids]);
    return ids.length;
  }

  async removeRefreshes(manager: EntityManager, before: Date): Promise<number> {
    const [, count]: [unknown, number] = await manager.query(`DELETE FROM refreshes WHERE id IN (${OLD_REFRESHES})`, [before]);
    return count;
  }
}
