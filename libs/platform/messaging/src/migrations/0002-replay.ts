import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Replay1700000000012 implements MigrationInterface {
  name = 'Replay1700000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE intake_positions ADD COLUMN generation int NOT NULL DEFAULT 1');
    // A decision that moves a position otherwise than by a record. A claimed rewind is an open epoch until it is closed.
    await runner.query(`
      CREATE TABLE intake_decisions (
        consumer text NOT NULL,
        topic text NOT NULL,
        epoch int NOT NULL,
        partition int NOT NULL,
        kind text NOT NULL CHECK (kind IN ('rewind', 'end', 'skip', 'adopt')),
        from_offset bigint NOT NULL,
        to_offset bigint,
        actor text,
        reason text,
        force boolean NOT NULL DEFAULT false,
        unfinished_only boolean NOT NULL DEFAULT false,
        decided_at timestamptz NOT NULL DEFAULT now(),
        claimed_at timestamptz,
        closed_at timestamptz,
        PRIMARY KEY (consumer, topic, epoch, partition),
        CHECK ((kind = 'rewind') = (to_offset IS NOT NULL))
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX intake_decisions_unclaimed ON intake_decisions (consumer, topic, partition) WHERE claimed_at IS NULL`);
    await runner.query(`
      CREATE INDEX intake_decisions_open ON intake_decisions (consumer, topic, partition)
      WHERE kind = 'rewind' AND claimed_at IS NOT NULL AND closed_at IS NULL`);
    await this.createAdministration(runner);
  }

  private async createAdministration(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE intake_pauses (
        consumer text NOT NULL,
        topic text NOT NULL,
        partition int NOT NULL,
        code text NOT NULL,
        detail text NOT NULL,
        since timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer, topic, partition)
      )`);
    // What an administrator asks of the partition's owner. A replay that is announced gives its reason to the next epoch of the topic.
    await runner.query(`
      CREATE TABLE intake_commands (
        id uuid PRIMARY KEY,
        consumer text NOT NULL,
        topic text NOT NULL,
        partition int NOT NULL,
        kind text NOT NULL CHECK (kind IN ('skip', 'rewind', 'adopt', 'abort')),
        actor text NOT NULL,
        reason text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        done_at timestamptz,
        answer text CHECK (answer IN ('done', 'nothing_to_do'))
      )`);
    await runner.query('CREATE INDEX intake_commands_open ON intake_commands (consumer, topic, partition) WHERE done_at IS NULL');
    await runner.query(`
      CREATE TABLE intake_announcements (
        id uuid PRIMARY KEY,
        consumer text NOT NULL,
        topic text NOT NULL,
        actor text NOT NULL,
        reason text NOT NULL,
        force boolean NOT NULL,
        unfinished_only boolean NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        epoch int
      )`);
    // What happened to positions, and who asked for it.
    await runner.query(`
      CREATE TABLE intake_journal (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        consumer text NOT NULL,
        topic text NOT NULL,
        partition int NOT NULL,
        code text NOT NULL,
        detail text NOT NULL,
        epoch int,
        actor text,
        reason text,
        at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE intake_journal, intake_announcements, intake_commands, intake_pauses, intake_decisions');
    await runner.query('ALTER TABLE intake_positions DROP COLUMN generation');
  }
}
