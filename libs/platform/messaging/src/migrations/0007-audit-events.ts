import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AuditEvents1700000000016 implements MigrationInterface {
  name = 'AuditEvents1700000000016';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_events (
        id uuid PRIMARY KEY,
        created_at timestamptz(3) NOT NULL,
        actor jsonb NOT NULL,
        action text NOT NULL,
        aggregate jsonb NOT NULL,
        reason text,
        changes jsonb NOT NULL,
        related jsonb NOT NULL
      )`);
    await runner.query('CREATE INDEX audit_events_newest ON audit_events (created_at DESC, id DESC)');
    // Who asked; null where a service of an earlier version has written the row.
    await runner.query('ALTER TABLE intake_commands ADD COLUMN asked_by jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE intake_commands DROP COLUMN asked_by');
    await runner.query('DROP TABLE audit_events');
  }
}
