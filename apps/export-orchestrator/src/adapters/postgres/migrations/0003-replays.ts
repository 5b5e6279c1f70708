import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Replays1700000001003 implements MigrationInterface {
  name = 'Replays1700000001003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs ADD COLUMN replay_of uuid, ADD COLUMN replay jsonb, ADD COLUMN resends uuid');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs DROP COLUMN replay_of, DROP COLUMN replay, DROP COLUMN resends');
  }
}
