import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Connections1700000001001 implements MigrationInterface {
  name = 'Connections1700000001001';

  async up(runner: QueryRunner): Promise<void> {
    // timestamptz(3): a cursor holds milliseconds, and a finer time would fall between two pages.
    await runner.query(`
      CREATE TABLE connections (
        id uuid PRIMARY KEY,
        version integer NOT NULL,
        display_name text NOT NULL,
        type text NOT NULL,
        state text NOT NULL,
        access text NOT NULL,
        profile_limit integer NOT NULL,
        export_user jsonb NOT NULL,
        credential jsonb NOT NULL,
        account jsonb,
        scopes jsonb NOT NULL,
        attention jsonb,
        consent jsonb NOT NULL,
        verification jsonb,
        created_at timestamptz(3) NOT NULL,
        created_by jsonb NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        updated_by jsonb NOT NULL
      )`);
    await runner.query('CREATE INDEX connections_newest_first ON connections (created_at DESC, id DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE connections');
  }
}
