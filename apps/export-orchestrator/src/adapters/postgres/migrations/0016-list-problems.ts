import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ListProblems1700000001016 implements MigrationInterface {
  name = 'ListProblems1700000001016';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE exports ADD list_problem jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE exports DROP list_problem');
  }
}
