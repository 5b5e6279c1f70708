import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The newest snapshot of a segment is that of its last era, whatever its sequence. */
export class NewestRefreshes1700000001091 implements MigrationInterface {
  name = 'NewestRefreshes1700000001091';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX refreshes_newest ON refreshes (segment_id, era DESC, sequence DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX refreshes_newest');
  }
}
