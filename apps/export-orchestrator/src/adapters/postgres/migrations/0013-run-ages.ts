import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RunAges1700000001013 implements MigrationInterface {
  name = 'RunAges1700000001013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs ADD age bigint');
    // As it was told until now. The ages that are drawn from here on are higher.
    await runner.query(`
      UPDATE runs SET age = coalesce((SELECT original.sequence FROM runs AS original WHERE original.id = runs.resends), sequence)
      WHERE attempt > 0 OR resends IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs DROP age');
  }
}
