import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RunTraces1700000001002 implements MigrationInterface {
  name = 'RunTraces1700000001002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs ADD COLUMN traceparent text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs DROP COLUMN traceparent');
  }
}
