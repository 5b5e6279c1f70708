import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase, until } from '@courier/testing';
import { Logger } from '@nestjs/common';
import { type AddressInfo, connect, createServer } from 'node:net';
import type { DataSource } from 'typeorm';
import { createDataSource, Notifications, notify } from './index';

const listenerBackends = `FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'`;

describe('notifications', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let notifications: Notifications;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createTestDatabase();
    dataSource = await createDataSource({ url: database.url, migrations: [] }).initialize();
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  beforeEach(() => {
    notifications = new Notifications(dataSource);
  });

  afterEach(() => notifications.onApplicationShutdown());

  async function count(channel: string) {
    const heard = { times: 0, end: () => undefined as void };
    heard.end = await notifications.listen(channel, () => (heard.times += 1));
    return heard;
  }

  const say = (channel: string) => dataSource.transaction((manager) => notify(manager, channel));
  /** PostgreSQL ends the backend of a connection that has ended a moment later. */
  const onlyOne = () => until(async () => (await backends()) === 1);
  const backends = async (): Promise<number> => (await dataSource.query(`SELECT pid ${listenerBackends}`)).length;

  it('wake every listener of the channel, and no other', async () => {
    const [one, two, other] = [await count('runs'), await count('runs'), await count('outbox')];
    await say('runs');
    await until(() => one.times === 1 && two.times === 1);
    await say('outbox');
    await until(() => other.times === 1);
    expect([one.times, two.times]).toEqual([1, 1]);
    await onlyOne();
  });

  it('come with the commit, and not from what was rolled back', async () => {
    const [undone, written] = [await count('undone'), await count('written')];
    const lost = dataSource.transaction(async (manager) => {
      await notify(manager, 'undone');
      throw new Error('rolled back');
    });
    await expect(lost).rejects.toThrow('rolled back');
    await dataSource.transaction(async (manager) => {
      await notify(manager, 'written');
      await say('fence');
      expect(written.times).toBe(0);
    });
    await until(() => written.times === 1);
    expect(undone.times).toBe(0);
  });

  it('reach a listener no more that has ended', async () => {
    const [ended, other] = [await count('runs'), await count('runs')];
    ended.end();
    await say('runs');
    await until(() => other.times === 1);
    expect(ended.times).toBe(0);
  });

  it('come again, once each, after the connection was cut', async () => {
    const [runs, outbox] = [await count('runs'), await count('outbox')];
    await dataSource.query(`SELECT pg_terminate_backend(pid) ${listenerBackends}`);
    await until(async () => (await backends()) === 0);
    // What is said while nobody listens is lost: say it until it is heard.
    await until(async () => {
      await say('runs');
      return runs.times > 0;
    });
    await onlyOne();
    await say('outbox');
    await until(() => outbox.times === 1);
  });

  it('are listened to when PostgreSQL was away at first', async () => {
    const extra = { connectionString: `${database.url}_not_there_yet`, answerMaxMs: 60_000 };
    notifications = new Notifications({ options: { extra } } as unknown as DataSource);
    const runs = await count('runs');
    extra.connectionString = database.url;
    await until(async () => {
      await say('runs');
      return runs.times > 0;
    });
    await onlyOne();
  });

  it('are listened to once when the connection broke while it was made', async () => {
    let connections = 0;
    const url = new URL(database.url);
    const network = createServer((client) => {
      connections += 1;
      if (connections === 1) client.once('data', () => client.destroy());
      else client.pipe(connect(Number(url.port), url.hostname)).pipe(client);
    });
    await new Promise<void>((resolve) => network.listen(0, '127.0.0.1', resolve));
    const through = Object.assign(new URL(url), { port: String((network.address() as AddressInfo).port) });
    const extra = { connectionString: through.href, answerMaxMs: 60_000 };
    notifications = new Notifications({ options: { extra } } as unknown as DataSource);
    try {
      const runs = await count('runs');
      await until(async () => {
        await say('runs');
        return runs.times > 0;
      });
    } finally {
      await notifications.onApplicationShutdown();
      await new Promise((resolve) => network.close(resolve));
    }
    expect(connections).toBe(2);
  });

  it('leave no connection behind when the service ends while it connects', async () => {
    const listening = count('runs');
    await notifications.onApplicationShutdown();
    await listening;
    await until(async () => (await backends()) === 0);
  });

  it('refuse a channel name that could be SQL', async () => {
    await expect(notifications.listen('runs; DROP TABLE leases', () => undefined)).rejects.toThrow('no channel name');
  });
});
