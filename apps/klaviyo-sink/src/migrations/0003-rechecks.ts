import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A connection that could not be checked because Klaviyo was away is checked again by itself. */
export class SinkRechecks1764000000003 implements MigrationInterface {
  name = 'SinkRechecks1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE connections ADD COLUMN recheck_at timestamptz, ADD COLUMN rechecks int NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE connections DROP COLUMN recheck_at, DROP COLUMN rechecks');
  }
}
