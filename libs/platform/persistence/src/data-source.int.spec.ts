import { createTestDatabase, type TestDatabase } from '@courier/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { createDataSource, migrate } from './data-source';

const STATEMENT_MAX_MS = 400;

/** Takes longer than any statement of the service may, as an index of a large table does; waits for its client in between. */
class Slow1700000009998 implements MigrationInterface {
  name = 'Slow1700000009998';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE slow (id int PRIMARY KEY)');
    await runner.query('SELECT pg_sleep(1)');
    await new Promise((resolve) => setTimeout(resolve, 2 * STATEMENT_MAX_MS));
    await runner.query('INSERT INTO slow VALUES (1)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE slow');
  }
}

describe('migrations', () => {
  let database: TestDatabase;
  let instances: DataSource[];

  beforeEach(async () => {
    database = await createTestDatabase();
    const options = { url: database.url, migrations: [Slow1700000009998], statementMaxMs: STATEMENT_MAX_MS };
    instances = await Promise.all([1, 2].map(() => createDataSource(options).initialize()));
  });
  afterEach(async () => {
    for (const instance of instances) await instance.destroy();
    await database.drop();
  });

  it('run to their end, once, however long they and the wait of another instance take', async () => {
    await Promise.all(instances.map((instance) => migrate(instance)));
    for (const instance of instances) expect(await instance.query('SELECT id FROM slow')).toEqual([{ id: 1 }]);
  });

  it('do not wait for a table behind which everybody else would wait', async () => {
    const [instance, other] = instances as [DataSource, DataSource];
    await instance.query('CREATE TABLE migrations (id serial PRIMARY KEY, timestamp bigint NOT NULL, name varchar NOT NULL)');
    await other.transaction(async (manager) => {
      await manager.query('LOCK TABLE migrations IN ACCESS EXCLUSIVE MODE');
      // Longer than the service's own statements may take; the transaction's client waits meanwhile.
      await manager.query('SET LOCAL idle_in_transaction_session_timeout = 0');
      await expect(migrate(instance)).rejects.toThrow('lock timeout');
    });
  });

  it('leave the statements of the service their limit', async () => {
    const [instance] = instances as [DataSource];
    await migrate(instance);
    await expect(instance.query('SELECT pg_sleep(5)')).rejects.toThrow('statement timeout');
  });
});
