import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RunsWithoutLedger1700000001014 implements MigrationInterface {
  name = 'RunsWithoutLedger1700000001014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs ADD without_ledger boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs DROP without_ledger');
  }
}
