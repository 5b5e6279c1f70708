import { createTestDatabase, type TestDatabase } from '@courier/testing';
import { nextVersion } from '@courier/kernel';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { createDataSource } from './data-source';
import { DatabaseClock } from './database-clock';

const HOUR_MS = 3_600_000;

describe('the clock of PostgreSQL', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource({ url: database.url, migrations: [] }).initialize();
  });
  afterEach(() => void jest.useRealTimers());
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const databaseMs = async () => {
    const rows: { ms: number }[] = await dataSource.query('SELECT extract(epoch FROM clock_timestamp())::float * 1000 AS ms');
    return rows[0]?.ms ?? 0;
  };
  /** The machine's clock is set; timers, and what PostgreSQL says, are not touched. */
  const setMachine = (ms: number) => jest.setSystemTime(ms);

  it.each([
    ['behind', -HOUR_MS],
    ['ahead', HOUR_MS],
    ['set in between', 0],
  ])('is told whether the machine’s is %s', async (_how, wrongMs) => {
    jest.useFakeTimers({
      doNotFake: [
        'performance',
        'hrtime',
        'nextTick',
        'queueMicrotask',
        'setImmediate',
        'clearImmediate',
        'setInterval',
        'clearInterval',
        'setTimeout',
        'clearTimeout',
      ],
    });
    setMachine(Date.now() + wrongMs);
    const clock = await DatabaseClock.of(dataSource);
    if (wrongMs === 0) setMachine(Date.now() - HOUR_MS);
    const before = await databaseMs();
    const now = clock.now().getTime();
    const after = await databaseMs();
    // Half of the way to PostgreSQL and back is what it may be wrong by.
    expect(now).toBeGreaterThan(before - 500);
    expect(now).toBeLessThan(after + 500);
    expect(nextVersion(1, clock.now())).toBeGreaterThanOrEqual(Math.floor(before / 1_000) - 1);
  });
});
