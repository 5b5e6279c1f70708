import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Alerts1700000001011 implements MigrationInterface {
  name = 'Alerts1700000001011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE alerts (
        id uuid PRIMARY KEY,
        subject_id uuid NOT NULL,
        kind text NOT NULL,
        reason jsonb NOT NULL,
        raised_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (subject_id, kind)
      )`);
    await runner.query(`ALTER TABLE batches ADD announced_at timestamptz, ADD announcements int NOT NULL DEFAULT 0`);
    await runner.query(`CREATE INDEX batches_announced ON batches (announced_at) WHERE status = 'announced'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE batches DROP announced_at, DROP announcements');
    await runner.query('DROP TABLE alerts');
  }
}
