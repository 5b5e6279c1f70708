import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, randomName, type TestDatabase, until } from '@courier/testing';
import type { DataSource } from 'typeorm';
import { createDataSource, type Lease, Leases, migrate, persistenceMigrations } from './index';

const MINUTE = { ttlMs: 60_000 };
/** Renewed every second: a process that is not served for a few seconds still keeps it. */
const SECONDS = { ttlMs: 4_000 };

describe('a lease', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let here: Leases;
  let elsewhere: Leases;
  let name: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource({ url: database.url, migrations: persistenceMigrations }).initialize();
    await migrate(dataSource);
    here = new Leases(dataSource);
    elsewhere = new Leases(dataSource);
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  beforeEach(() => {
    name = randomName('lease');
  });

  async function acquired(leases: Leases, options = MINUTE): Promise<Lease> {
    const lease = await leases.acquire(name, options);
    if (lease === null) throw new Error('somebody else holds it');
    return lease;
  }

  /** As if the holder had renewed it for the last time so long ago. */
  const expire = (agoMs: number) =>
    dataSource.query(`UPDATE leases SET expires_at = clock_timestamp() - $2 * interval '1 millisecond' WHERE name = $1`, [
      name,
      agoMs,
    ]);
  /** As a successor that holds it for a minute. */
  const takeAway = () =>
    dataSource.query(
      `UPDATE leases SET token = token + 1, expires_at = clock_timestamp() + interval '1 minute' WHERE name = $1`,
      [name],
    );
  const expiry = async (): Promise<number> => {
    const rows: { expires_at: Date }[] = await dataSource.query('SELECT expires_at FROM leases WHERE name = $1', [name]);
    return rows[0]?.expires_at.getTime() ?? 0;
  };
  const assertHeld = (lease: Lease) => dataSource.transaction((manager) => lease.assertHeld(manager));

  it('has one holder of all who ask at once', async () => {
    const asked = await Promise.all([here, elsewhere, here, elsewhere].map((leases) => leases.acquire(name, MINUTE)));
    expect(asked.filter((lease) => lease !== null)).toHaveLength(1);
    expect(await elsewhere.acquire(name, MINUTE)).toBeNull();
  });

  it('can be taken over once it has expired, with a higher token', async () => {
    const first = await acquired(here);
    expect(first.remainingMs()).toBeGreaterThan(50_000);
    await expire(1);
    const second = await acquired(elsewhere);
    expect(BigInt(second.token)).toBeGreaterThan(BigInt(first.token));
  });

  it('cannot be taken over before the grace after its expiry has passed too', async () => {
    await acquired(here);
    await expire(4_000);
    expect(await elsewhere.acquire(name, { ttlMs: 60_000, graceMs: 60_000 })).toBeNull();
    await expire(61_000);
    expect(await elsewhere.acquire(name, { ttlMs: 60_000, graceMs: 60_000 })).not.toBeNull();
  });

  it('is let go at once by its holder, without the grace, and its token still grows', async () => {
    const first = await acquired(here);
    await first.release();
    expect(first.signal.aborted).toBe(true);
    expect(first.remainingMs()).toBe(0);
    const second = await elsewhere.acquire(name, { ttlMs: 60_000, graceMs: 60_000 });
    expect(BigInt(second?.token ?? 0)).toBeGreaterThan(BigInt(first.token));
  });

  it('is not let go by a former holder', async () => {
    const first = await acquired(here);
    await expire(1);
    await acquired(elsewhere);
    await first.release();
    expect(await here.acquire(name, MINUTE)).toBeNull();
  });

  it('lets the holder write, and nobody with an old token', async () => {
    const old = await acquired(here);
    await assertHeld(old);
    await expire(1);
    const current = await acquired(elsewhere);
    await expect(assertHeld(old)).rejects.toMatchObject({ code: 'lease_lost', retryable: true });
    expect(old.signal.aborted).toBe(true);
    await assertHeld(current);
  });

  it('lets no successor in while a transaction of the holder is open', async () => {
    const old = await acquired(here);
    await expire(1);
    const order: string[] = [];
    let takeover: Promise<unknown> = Promise.resolve();
    await dataSource.transaction(async (manager) => {
      await old.assertHeld(manager);
      takeover = acquired(elsewhere).then(() => order.push('taken over'));
      await until(async () => order.length > 0 || (await someoneWaitsForALock()));
      order.push('written');
    });
    await takeover;
    expect(order).toEqual(['written', 'taken over']);
  });

  async function someoneWaitsForALock(): Promise<boolean> {
    const rows: unknown[] = await dataSource.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows.length > 0;
  }

  it('is renewed by its holder alone, and not after it has expired', async () => {
    const lease = await acquired(here);
    expect(await lease.renew()).toBe(true);
    await expire(1);
    expect(await lease.renew()).toBe(false);
    expect(lease.signal.aborted).toBe(true);
    expect(lease.remainingMs()).toBe(0);
  });

  it('is lost when somebody else has taken it over', async () => {
    const lease = await acquired(here);
    await takeAway();
    expect(await lease.renew()).toBe(false);
    expect(lease.signal.aborted).toBe(true);
  });

  it('is renewed while the work under it lasts, and free as soon as it ends', async () => {
    const result = await here.hold(name, SECONDS, async (lease) => {
      for (let renewals = 0, last = await expiry(); renewals < 2; renewals += 1) {
        last = await until(async () => ((await expiry()) > last ? expiry() : null));
      }
      expect(lease.remainingMs()).toBeGreaterThan(0);
      expect(await elsewhere.hold(name, MINUTE, () => Promise.resolve('twice'))).toBeNull();
      return 'done';
    });
    expect(result).toBe('done');
    expect(await elsewhere.acquire(name, { ttlMs: 60_000, graceMs: 60_000 })).not.toBeNull();
  });

  it('is free as soon as the work under it fails', async () => {
    await expect(here.hold(name, MINUTE, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await elsewhere.acquire(name, MINUTE)).not.toBeNull();
  });

  it('tells the work under it that it was taken away', async () => {
    await here.hold(name, SECONDS, async (lease) => {
      await takeAway();
      await until(() => lease.signal.aborted);
    });
    expect(await elsewhere.acquire(name, MINUTE)).toBeNull();
  });

  it('tells the work under it that no renewal was answered in time', async () => {
    const blocker = dataSource.createQueryRunner();
    await blocker.startTransaction();
    try {
      await here.hold(name, SECONDS, async (lease) => {
        await blocker.query('SELECT 1 FROM leases WHERE name = $1 FOR UPDATE', [name]);
        await until(someoneWaitsForALock);
        await until(() => lease.signal.aborted);
        // Told while the renewal still hangs, not by its end.
        expect(await someoneWaitsForALock()).toBe(true);
      });
    } finally {
      await blocker.rollbackTransaction();
      await blocker.release();
    }
  });
});
