import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RequestKeys1700000000003 implements MigrationInterface {
  name = 'RequestKeys1700000000003';

  async up(runner: QueryRunner): Promise<void> {
    // `id` is a digest and `fingerprint` an HMAC: what a caller wrote, body or key, is nowhere in here.
    await runner.query(`
      CREATE TABLE request_keys (
        id text PRIMARY KEY,
        secret_id text NOT NULL,
        fingerprint text NOT NULL,
        reference text NOT NULL,
        status int,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX request_keys_oldest ON request_keys (created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE request_keys');
  }
}
