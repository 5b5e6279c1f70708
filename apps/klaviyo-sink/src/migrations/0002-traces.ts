import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SinkTraces1764000000002 implements MigrationInterface {
  name = 'SinkTraces1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE connections ADD COLUMN traceparent text');
    await runner.query('ALTER TABLE runs ADD COLUMN traceparent text');
    await runner.query('ALTER TABLE deliveries ADD COLUMN traceparent text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE deliveries DROP COLUMN traceparent');
    await runner.query('ALTER TABLE runs DROP COLUMN traceparent');
    await runner.query('ALTER TABLE connections DROP COLUMN traceparent');
  }
}
