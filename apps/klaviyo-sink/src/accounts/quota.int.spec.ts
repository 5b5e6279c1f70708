import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase, until } from '@courier/testing';
import type { DataSource } from 'typeorm';
import { createDataSource, migrate, persistenceMigrations } from '@courier/persistence';
import { migrations } from '../database';
import { PostgresQuota } from './postgres-quota';
import { quickSettings } from '../testing/sink-bench';

const ACCOUNT = 'ACC1';

describe('the quota of an account', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let quota: PostgresQuota;

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = createDataSource({ url: database.url, migrations: [...persistenceMigrations, ...migrations] });
    await dataSource.initialize();
    await migrate(dataSource);
    quota = new PostgresQuota(dataSource, quickSettings);
  });

  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const starts = async () => {
    const rows: { n: number }[] = await dataSource.query('SELECT cardinality(starts) AS n FROM quotas');
    return rows[0]?.n ?? 0;
  };

  it('holds back calls that wait already when Klaviyo throttles another one', async () => {
    await quota.turn(ACCOUNT, 'accounts', {});
    // Time enough to look and to block once more before that turn comes.
    await quota.block(ACCOUNT, 'accounts', 5_000);
    const startedMs = performance.now();
    const waiting = quota.turn(ACCOUNT, 'accounts', {});
    await until(async () => (await starts()) === 2);
    await quota.block(ACCOUNT, 'accounts', 6_000);
    expect(await waiting).toEqual({ kind: 'come' });
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(6_000);
    // The start inside the pause came to nothing.
    expect(await starts()).toBe(2);
  });

  it('debits nothing for a call that will not wait so long', async () => {
    await quota.turn(ACCOUNT, 'lists', {});
    await quota.block(ACCOUNT, 'lists', 60_000);
    for (let lookUps = 0; lookUps < 3; lookUps += 1) {
      const turn = await quota.turn(ACCOUNT, 'lists', { maxMs: 5_000 });
      expect(turn.kind === 'far_off' && turn.afterMs > 50_000).toBe(true);
    }
    expect(await starts()).toBe(1);
  });

  it('tells how long a call would wait, and debits nothing for that', async () => {
    expect(await quota.waitMs(ACCOUNT, 'imports')).toBe(0);
    await quota.turn(ACCOUNT, 'imports', {});
    await quota.block(ACCOUNT, 'imports', 60_000);
    expect(await quota.waitMs(ACCOUNT, 'imports')).toBeGreaterThan(50_000);
    expect(await starts()).toBe(1);
  });
});
