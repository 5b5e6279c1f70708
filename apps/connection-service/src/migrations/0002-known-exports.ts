import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KnownExports1700000001002 implements MigrationInterface {
  name = 'KnownExports1700000001002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE known_exports (
        id uuid PRIMARY KEY,
        version int NOT NULL,
        name text NOT NULL,
        connection_id uuid,
        removed boolean NOT NULL
      )`);
    await runner.query('CREATE INDEX known_exports_by_connection ON known_exports (connection_id) WHERE NOT removed');
    // A removed connection is told again with every new relay leader, and must say the same each time.
    await runner.query('ALTER TABLE connections ADD exports_on_removal text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE connections DROP exports_on_removal');
    await runner.query('DROP TABLE known_exports');
  }
}
