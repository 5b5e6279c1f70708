import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ParkedKeys1700000000017 implements MigrationInterface {
  name = 'ParkedKeys1700000000017';

  /** Without the key: an index takes no value above 2,704 bytes, and a row that cannot be parked would stop every other. */
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX outbox_parked');
    await runner.query('CREATE INDEX outbox_parked ON outbox (parked_at) WHERE parked_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX outbox_parked');
    await runner.query('CREATE INDEX outbox_parked ON outbox (topic, key) WHERE parked_at IS NOT NULL');
  }
}
