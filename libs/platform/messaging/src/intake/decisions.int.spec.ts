import { createDataSource, migrate, persistenceMigrations } from '@courier/persistence';
import { createTestDatabase, type TestDatabase } from '@courier/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { messagingMigrations } from '..';
import { Decisions } from './decisions';

const HOUR_MS = 3_600_000;

describe('the number of a replay', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    const migrations = [...persistenceMigrations, ...messagingMigrations];
    dataSource = await createDataSource({ url: database.url, migrations }).initialize();
    await migrate(dataSource);
  });
  afterEach(() => void jest.useRealTimers());
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const next = (committed: number) =>
    new Decisions('spec').nextEpoch(dataSource.manager, { topic: 'notes', partition: 0 }, 'rewind', committed);
  const seconds = async () => {
    const rows: { now: number }[] = await dataSource.query('SELECT floor(extract(epoch FROM clock_timestamp()))::int AS now');
    return rows[0]?.now ?? 0;
  };

  it.each([
    ['behind', -HOUR_MS],
    ['ahead', HOUR_MS],
  ])('counts by PostgreSQL’s clock where the machine’s is %s', async (_how, wrongMs) => {
    const before = await seconds();
    jest.useFakeTimers({ now: Date.now() + wrongMs, doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'clearTimeout'] });
    const drawn = await next(0);
    jest.useRealTimers();
    expect(drawn).toBeGreaterThanOrEqual(before);
    expect(drawn).toBeLessThanOrEqual(await seconds());
    expect(await next(drawn + HOUR_MS)).toBe(drawn + HOUR_MS + 1);
  });
});
