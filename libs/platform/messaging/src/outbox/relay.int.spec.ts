import { randomBytes } from 'node:crypto';
import { ConfigResourceTypes } from '@courier/kafka';
import { Lease } from '@courier/persistence';
import { createTestTopics, randomName, readTopic, testBrokers, until } from '@courier/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { IntakeHarness } from '../testing/intake-harness';
import { noteV1 } from '../testing/note-service';
import { insertOutboxRow, Outbox } from './outbox';
import { KafkaReadiness } from './readiness';
import { OutboxRelay } from './relay';
import type { OutboxSender } from './sender';

describe('the outbox relay on the real broker', () => {
  let harness: IntakeHarness;
  /** Of what a spec starts beside the harness. */
  const ends: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    harness = new IntakeHarness();
    await harness.prepare();
    await harness.start();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    for (const end of ends.splice(0)) await end();
    await harness.dispose();
  });

  const outbox = () => harness.app?.get(Outbox) as Outbox;
  const note = () => noteV1(harness.topic);

  it('sends what was committed, in order, and nothing of a transaction that was rolled back', async () => {
    const { dataSource } = harness;
    await dataSource.transaction(async (manager) => {
      for (const name of ['1', '2', '3']) await outbox().append(manager, note(), { name });
    });
    await dataSource
      .transaction(async (manager) => {
        await outbox().append(manager, note(), { name: 'never' });
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    await dataSource.transaction((manager) => outbox().append(manager, note(), { name: '4' }));
    await until(async () => (await harness.names()).length === 4);
    expect(await harness.names()).toEqual(['1', '2', '3', '4']);
  });

  it('refuses a message that does not match its definition, without its values in the error', async () => {
    const wrong = { name: 42 } as unknown as { name: string };
    await expect(harness.dataSource.transaction((manager) => outbox().append(manager, note(), wrong))).rejects.toThrow(
      'note.v1 is invalid at: name',
    );
  });

  it('parks the key of a row that can never be sent and sends every other key', async () => {
    const { dataSource } = harness;
    const row = (key: string, value: string) => ({ topic: harness.topic, key, headers: {}, value });
    await dataSource.transaction(async (manager) => {
      await insertOutboxRow(manager, row('stuck', 'x'.repeat(3_000_000)));
      await insertOutboxRow(manager, row('stuck', 'after it'));
      await outbox().append(manager, note(), { name: 'free' });
    });
    await until(async () => (await harness.names()).includes('free'));
    const waits = await until(() => harness.app?.get(KafkaReadiness).waits());
    expect(await harness.app?.get(KafkaReadiness).check()).toBeNull();
    expect(waits).toContain('1 outbox rows can never be sent');
    const waiting: { key: string }[] = await dataSource.query('SELECT key FROM outbox WHERE published_at IS NULL');
    expect(waiting).toEqual([{ key: 'stuck' }, { key: 'stuck' }]);
  });

  it('sends on when what it sent cannot be removed, says so, and does not try at every turn', async () => {
    const { dataSource } = harness;
    await dataSource.transaction((manager) => outbox().append(manager, note(), { name: 'old' }));
    await until(async () => (await harness.names()).includes('old'));
    await dataSource.query(`UPDATE outbox SET published_at = now() - interval '2 days'`);
    // A sequence keeps its value when the transaction is undone.
    await dataSource.query('CREATE SEQUENCE tries');
    await dataSource.query(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM nextval('tries'); RAISE 'refused'; END $$`,
    );
    await dataSource.query('CREATE TRIGGER refuse BEFORE DELETE ON outbox EXECUTE FUNCTION refuse()');
    await harness.stop();
    await harness.start();
    expect(await until(() => harness.running.get(KafkaReadiness).waits())).toBe(
      'sent outbox rows could not be removed, 1 times so far',
    );
    const leadership = () => harness.dataSource.query(`SELECT token FROM leases WHERE name LIKE 'outbox-relay:%'`);
    const before: unknown = await leadership();
    for (const name of ['1', '2', '3']) {
      await harness.dataSource.transaction((manager) => outbox().append(manager, note(), { name }));
      await until(async () => (await harness.names()).includes(name));
    }
    expect(await leadership()).toEqual(before);
    expect(await harness.dataSource.query('SELECT last_value::int AS tries FROM tries')).toEqual([{ tries: 1 }]);
  });

  it('parks a key that is too long for an index', async () => {
    await harness.dataSource.transaction(async (manager) => {
      const key = randomBytes(6_000).toString('base64');
      await insertOutboxRow(manager, { topic: harness.topic, key, headers: {}, value: 'x'.repeat(3_000_000) });
      await outbox().append(manager, note(), { name: 'free' });
    });
    await until(async () => (await harness.names()).includes('free'));
  });

  it('sends what it parked, and what waits behind it, once the cause is mended', async () => {
    const topic = randomName('narrow');
    ends.push(await createTestTopics([topic]));
    await harness.dataSource.transaction(async (manager) => {
      for (const value of ['x'.repeat(3_000_000), 'behind']) {
        await insertOutboxRow(manager, { topic, key: 'key', headers: {}, value });
      }
    });
    await until(() => harness.app?.get(KafkaReadiness).waits());

    await harness.stop();
    const configEntries = [{ name: 'max.message.bytes', value: '4000000' }];
    const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }];
    await harness.asAdmin((admin) => admin.alterConfigs({ resources, validateOnly: false }));
    await harness.start();
    const waiting = 'SELECT 1 FROM outbox WHERE published_at IS NULL';
    await until(async () => (await harness.dataSource.query(waiting)).length === 0);
    expect((await readTopic(testBrokers(), topic)).split('\n').map((record) => record.length)).toEqual([3_000_005, 11]);
    expect(harness.app?.get(KafkaReadiness).waits()).toBeNull();
  });

  describe('whose leader was overtaken', () => {
    const endLease = () => harness.dataSource.query(`UPDATE leases SET expires_at = '-infinity', token = token + 1`);
    const state = (value: string) => ({ topic: `${harness.topic}.dead-letters`, key: 'key', headers: {}, value });
    const append = (value: string) => harness.dataSource.transaction((manager) => insertOutboxRow(manager, state(value)));
    const left = async () => (await harness.dataSource.query('SELECT 1 FROM outbox WHERE published_at IS NULL')).length === 0;
    const sent = () => readTopic(testBrokers(), `${harness.topic}.dead-letters`);

    it('leaves the newest state last, although it sent an old one after its successor', async () => {
      const relay = harness.running.get(OutboxRelay);
      const { sender } = relay as unknown as { sender: OutboxSender };
      relay.onLeadership((manager) => insertOutboxRow(manager, state('newest')));
      const send = sender.send.bind(sender);
      let proceed: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (proceed = resolve));
      ends.push(() => Promise.resolve(proceed()));
      const reached = new Promise<void>((resolve) => {
        sender.send = (rows) => {
          resolve();
          return held.then(() => send(rows));
        };
      });
      await append('old');
      await reached;
      await endLease();
      const successor = await harness.startInstance();
      ends.push(() => successor.close());
      await append('newest');
      await until(left);
      proceed();
      await until(async () => (await sent()).split('\n').length >= 4);
      expect((await sent()).split('\n')).toEqual(['old', 'newest', 'old', 'newest'].map((value) => `key  ${value}`));
    });

    it('sends nothing that it read before its lease ran out', async () => {
      const lost = jest.spyOn(Lease.prototype, 'lose');
      const { dataSource } = harness;
      await dataSource.transaction(async (manager) => {
        await manager.query('LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE');
        await insertOutboxRow(manager, state('once'));
        const reading = `SELECT 1 FROM pg_locks WHERE relation = 'outbox'::regclass AND NOT granted`;
        await until(async () => (await dataSource.query(reading)).length > 0);
        await endLease();
        // Not any lease: the sweeper's ends at the same moment, and the relay still holds its own then.
        await until(() => lost.mock.contexts.some((lease) => (lease as Lease).name.startsWith('outbox-relay:')));
      });
      await until(left);
      expect(await sent()).toBe('key  once');
    });
  });
});
