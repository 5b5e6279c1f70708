import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Messaging1700000000002 implements MigrationInterface {
  name = 'Messaging1700000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE intake_positions (
        consumer text NOT NULL,
        topic text NOT NULL,
        partition int NOT NULL,
        next_offset bigint NOT NULL,
        highest_offset bigint NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer, topic, partition)
      )`);
    await runner.query(`
      CREATE TABLE inbox (
        consumer text NOT NULL,
        topic text NOT NULL,
        source text NOT NULL,
        event_id text NOT NULL,
        epoch int NOT NULL,
        type text NOT NULL,
        partition int NOT NULL,
        record_offset bigint NOT NULL,
        disposition text NOT NULL CHECK (disposition IN ('done', 'skipped', 'dead_lettered')),
        reason text,
        received_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer, topic, source, event_id, epoch)
      )`);
    await runner.query(`
      CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic text NOT NULL,
        key text NOT NULL,
        headers jsonb NOT NULL,
        value text,
        created_at timestamptz NOT NULL DEFAULT now(),
        published_at timestamptz,
        parked_at timestamptz,
        parked_reason text
      )`);
    await runner.query('CREATE INDEX outbox_unpublished ON outbox (id) WHERE published_at IS NULL');
    await runner.query('CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL');
    await runner.query('CREATE INDEX outbox_parked ON outbox (topic, key) WHERE parked_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outbox, inbox, intake_positions');
  }
}
