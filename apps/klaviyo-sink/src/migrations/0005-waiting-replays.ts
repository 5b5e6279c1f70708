import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a replay sends again of a run waits for its connection apart from what the run itself has still to send. */
export class SinkWaitingReplays1764000000005 implements MigrationInterface {
  name = 'SinkWaitingReplays1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE replayed_runs ADD COLUMN waiting_since timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE replayed_runs DROP COLUMN waiting_since');
  }
}
