import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rows are swept by their age. */
export class InboxAge1700000000013 implements MigrationInterface {
  name = 'InboxAge1700000000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX inbox_by_age ON inbox (received_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX inbox_by_age');
  }
}
