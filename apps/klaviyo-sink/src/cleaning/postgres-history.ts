import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { History } from './history';
import { change, select } from '../sql';

const ROWS_AT_ONCE = 1_000;

@Injectable()
export class PostgresHistory extends History {
  async removeDeliveries(manager: EntityManager, before: Date): Promise<number> {
    const old = await select<{ id: string }>(
      manager,
      `SELECT id FROM deliveries WHERE state = 'finished' AND finished_at < $1
       ORDER BY finished_at LIMIT ${ROWS_AT_ONCE} FOR UPDATE SKIP LOCKED`,
      [before],
    );
    const ids = [old.map(({ id }) => id)];
    await change(
      manager,
      'DELETE FROM lost_calls l USING submissions s WHERE l.submission_id = s.id AND s.delivery_id = ANY($1)',
      ids,
    );
    await change(manager, 'DELETE FROM submissions WHERE delivery_id = ANY($1)', ids);
    return change(manager, 'DELETE FROM deliveries WHERE id = ANY($1)', ids);
  }

  /** A run may be stopped before its first delivery comes, and what is still open of its export is superseded by it or not. */
  async removeRuns(manager: EntityManager, before: Date): Promise<number> {
    const replays = await change(
      manager,
      `DELETE FROM replayed_runs WHERE id IN (
         SELECT again.id FROM replayed_runs again
         WHERE again.told_at < $1
           AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.run_id = again.run_id AND d.epoch = again.epoch)
         LIMIT ${ROWS_AT_ONCE} FOR UPDATE SKIP LOCKED)`,
      [before],
    );
    const runs = await change(
      manager,
      `DELETE FROM runs WHERE run_id IN (
         SELECT r.run_id FROM runs r
         WHERE r.created_at < $1 AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.run_id = r.run_id)
           AND NOT EXISTS (SELECT 1 FROM replayed_runs again WHERE again.run_id = r.run_id)
           AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.state = 'open' AND d.export_id = r.export_id)
         ORDER BY r.created_at LIMIT ${ROWS_AT_ONCE} FOR UPDATE SKIP LOCKED)`,
      [before],
    );
    return replays + runs;
  }
}
