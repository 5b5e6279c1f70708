import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RefreshEpochs1700000001012 implements MigrationInterface {
  name = 'RefreshEpochs1700000001012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE refreshes ADD epoch int NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE refreshes DROP epoch');
  }
}
