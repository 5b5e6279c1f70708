import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ReplayCommands1700000000014 implements MigrationInterface {
  name = 'ReplayCommands1700000000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE intake_decisions ADD COLUMN command_id uuid');
    await runner.query(`
      ALTER TABLE intake_commands ADD COLUMN wanted_offset bigint, ADD COLUMN request uuid NOT NULL,
        DROP CONSTRAINT intake_commands_kind_check,
        ADD CHECK (kind IN ('skip', 'rewind', 'adopt', 'abort', 'replay'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE intake_commands DROP COLUMN wanted_offset, DROP COLUMN request');
    await runner.query('ALTER TABLE intake_decisions DROP COLUMN command_id');
  }
}
