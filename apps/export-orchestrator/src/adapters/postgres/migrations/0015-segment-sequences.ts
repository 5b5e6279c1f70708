import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SegmentSequences1700000001015 implements MigrationInterface {
  name = 'SegmentSequences1700000001015';

  async up(runner: QueryRunner): Promise<void> {
    // A row for each segment of which there is more to say than its refreshes do: sequences that began anew, stale refreshes in a row.
    await runner.query(`
      CREATE TABLE segment_sequences (
        segment_id text PRIMARY KEY,
        era int NOT NULL DEFAULT 0,
        floor bigint,
        stale_in_a_row int NOT NULL DEFAULT 0
      )`);
    await runner.query('ALTER TABLE refreshes ADD era int NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE refreshes DROP era');
    await runner.query('DROP TABLE segment_sequences');
  }
}
