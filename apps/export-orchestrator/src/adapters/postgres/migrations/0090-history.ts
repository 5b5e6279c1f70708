import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What has ended is swept by its age. */
export class History1700000001090 implements MigrationInterface {
  name = 'History1700000001090';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX runs_ended ON runs (finished_at) WHERE finished_at IS NOT NULL');
    await runner.query('CREATE INDEX refreshes_by_age ON refreshes (received_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX runs_ended, refreshes_by_age');
  }
}
