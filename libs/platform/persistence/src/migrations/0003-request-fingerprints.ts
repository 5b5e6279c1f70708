import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One for each secret, so that a request is known again when some of them are others by then. Null in rows of a version before. */
export class RequestFingerprints1700000000004 implements MigrationInterface {
  name = 'RequestFingerprints1700000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE request_keys ADD COLUMN fingerprints jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE request_keys DROP COLUMN fingerprints');
  }
}
