import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What has ended is swept by its age. Of runs that are known already none is known: theirs begins now. */
export class SinkHistory1764000000006 implements MigrationInterface {
  name = 'SinkHistory1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs ADD COLUMN created_at timestamptz NOT NULL DEFAULT now()');
    await runner.query('CREATE INDEX runs_by_age ON runs (created_at)');
    await runner.query(`CREATE INDEX deliveries_ended ON deliveries (finished_at) WHERE state = 'finished'`);
    await runner.query('CREATE INDEX deliveries_of_run ON deliveries (run_id, epoch)');
    await runner.query('CREATE INDEX replayed_runs_told ON replayed_runs (told_at) WHERE told_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX replayed_runs_told, deliveries_of_run, deliveries_ended, runs_by_age');
    await runner.query('ALTER TABLE runs DROP COLUMN created_at');
  }
}
