import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ReplayWishes1700000000015 implements MigrationInterface {
  name = 'ReplayWishes1700000000015';

  /** How a replay is wanted goes with the command that asks for it, so that no other rewind can pick it up. */
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE intake_commands ADD COLUMN force boolean NOT NULL DEFAULT false,
        ADD COLUMN unfinished_only boolean NOT NULL DEFAULT false`);
    await runner.query('DROP TABLE intake_announcements');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE intake_announcements (id uuid PRIMARY KEY, consumer text NOT NULL, topic text NOT NULL, actor text NOT NULL,
        reason text NOT NULL, force boolean NOT NULL, unfinished_only boolean NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(), epoch int)`);
    await runner.query('ALTER TABLE intake_commands DROP COLUMN force, DROP COLUMN unfinished_only');
  }
}
