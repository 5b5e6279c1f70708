import type { MigrationInterface, QueryRunner } from 'typeorm';

export class DeadLetters1700000000011 implements MigrationInterface {
  name = 'DeadLetters1700000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE dead_letters (
        id uuid PRIMARY KEY,
        consumer text NOT NULL,
        topic text NOT NULL,
        partition int NOT NULL,
        record_offset bigint NOT NULL,
        epoch int NOT NULL,
        event_id text,
        event_type text,
        reason text NOT NULL,
        detail text NOT NULL,
        sha256 text NOT NULL,
        bytes int NOT NULL,
        state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'retried', 'discarded')),
        retries int NOT NULL DEFAULT 0,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        resolved_at timestamptz(3),
        resolved_by jsonb,
        resolution text,
        CHECK ((state = 'open') = (resolved_at IS NULL))
      )`);
    await runner.query('CREATE INDEX dead_letters_newest ON dead_letters (created_at DESC, id DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE dead_letters');
  }
}
