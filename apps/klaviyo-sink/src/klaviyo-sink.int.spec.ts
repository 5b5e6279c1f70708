import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type BatchFinishedV1,
  batchRequestedV1,
  type ConnectionChangedV1,
  type ConnectionCheckedV1,
  topics,
} from '@courier/contracts';
import { newId } from '@courier/kernel';
import { batchPath } from '@courier/staging';
import { publishEvent, testBrokers, until } from '@courier/testing';
import { DataSource } from 'typeorm';
import { LIST, type SimulatedAccount, Simulator } from './testing/simulator';
import { WholeSink } from './testing/whole-sink';
import { RefuseBatch } from './deliveries/refuse-batch';
import { RequestDelivery } from './deliveries/request-delivery';

/** The whole service over Kafka. Its topics are shared with other specs, so everything is found by id. */
describe('klaviyo-sink', () => {
  const connectionId = newId();
  const verification = { id: newId(), requestedAt: new Date().toISOString() };
  const ends = new AsyncDisposableStack();
  let simulator: Simulator;
  let account: SimulatedAccount;
  let sink: WholeSink;

  beforeAll(async () => {
    simulator = await Simulator.start();
    ends.defer(() => simulator.stop());
    account = await simulator.freshAccount();
    sink = await WholeSink.prepare(simulator.url);
    ends.defer(() => sink.dispose());
    await sink.start();
    await publishConnection({ version: 1, access: 'administrators', verification });
  });

  afterAll(() => ends.disposeAsync());

  const sent = async <T>(type: string, wanted: (data: T) => boolean) => (await sink.sent(type, wanted))[0];
  const get = (path: string, role: string) => sink.get(path, role);
  const publishConnection = (changed: Pick<ConnectionChangedV1, 'version' | 'access' | 'verification'>) =>
    sink.publishConnection(connectionId, account.apiKey, changed);

  /** Through the real topic, as connection-service and the orchestrator do it. */
  it('checks a connection that it hears of on Kafka', async () => {
    const check = await until(() =>
      sent<ConnectionCheckedV1>('klaviyo.connection-checked.v1', ({ verificationId }) => verificationId === verification.id),
    );
    expect(check).toMatchObject({ result: 'ok', account: { id: account.id } });
  });

  it('delivers a batch that it hears of on Kafka and tells its outcome there', async () => {
    const emails = Array.from({ length: 100 }, (_, index) => `kafka-${index}@mail.example.org`);
    const { batchId } = await sink.announce(connectionId, emails);
    const outcome = await until(() => sent<BatchFinishedV1>('klaviyo.batch-finished.v1', (data) => data.batchId === batchId));
    expect(outcome).toMatchObject({ counts: { accepted: 100, rejected: 0, unconfirmed: 0, notAttempted: 0 }, results: null });
    expect((await simulator.members(account)).sort()).toEqual([...emails].sort());
  });

  it('tells that nothing of a batch was attempted when its announcement is invalid, and tells it once', async () => {
    const announce = async (eventId: string) => {
      const ids = { batchId: newId(), runId: newId(), exportId: newId(), attempt: 1, number: 1 };
      const data = { ...ids, operation: 'upsert', connectionId, listId: '', rows: 40, object: null, requestedAt: 'today' };
      const record = { topic: topics.batches.name, key: connectionId, type: batchRequestedV1.type, data, id: eventId };
      await publishEvent(testBrokers(), record);
      return { ids, record };
    };
    const first = await announce(newId());
    await publishEvent(testBrokers(), first.record);
    const last = await announce(newId());
    const toldOf = (batchId: string) => sent<BatchFinishedV1>('klaviyo.batch-finished.v1', (data) => data.batchId === batchId);
    expect(await until(() => toldOf(last.ids.batchId))).toMatchObject({
      ...last.ids,
      counts: { accepted: 0, notAttempted: 40 },
      error: { code: 'invalid_message' },
    });
    const outcomes = `SELECT 1 FROM outbox WHERE value::jsonb ->> 'batchId' = $1`;
    expect(await sink.query(outcomes, [first.ids.batchId])).toHaveLength(1);
  });

  it('keeps the outcome of a batch to its delivery when it is announced once more, and badly', async () => {
    const data = { batchId: newId(), runId: newId(), exportId: newId(), attempt: 1, number: 1, rows: 40 };
    const refused = { data, epoch: 0, reason: 'invalid_message', detail: 'spec' };
    const batch = { ...data, operation: 'remove' as const, connectionId, listId: LIST, requestedAt: new Date().toISOString() };
    const object = { path: batchPath(data.runId, 1, 1), sha256: 'a'.repeat(64), bytes: 10 };
    await sink.app.get(DataSource).transaction(async (manager) => {
      await sink.app.get(RequestDelivery).execute(manager, { ...batch, object }, 0);
      await sink.app.get(RefuseBatch).execute(manager, refused);
    });
    const outcomes = `SELECT value::jsonb -> 'error' ->> 'code' AS code FROM outbox WHERE value::jsonb ->> 'batchId' = $1`;
    const told = await until(async () => {
      const rows: unknown[] = await sink.query(outcomes, [data.batchId]);
      return rows.length > 0 ? rows : null;
    });
    expect(told).toEqual([{ code: 'not_supported' }]);
  });

  it('shows lists to administrators, to contributors when the connection is shared, and to nobody else', async () => {
    const lists = `/v1/connections/${connectionId}/lists`;
    expect(await get(`${lists}/${LIST}`, 'administrator')).toMatchObject({ status: 200, body: { id: LIST, name: 'Newsletter' } });
    expect(await get(lists, 'contributor')).toMatchObject({ status: 404, body: { code: 'connection_not_found' } });
    expect((await get(`${lists}/${LIST}`, 'contributor')).status).toBe(404);
    await publishConnection({ version: 2, access: 'contributors', verification: null });
    await until(async () => (await get(lists, 'contributor')).status !== 404);
    expect(await get(lists, 'contributor')).toMatchObject({ status: 200, body: { items: [{ id: LIST }], nextCursor: null } });
    expect((await get(lists, 'viewer')).status).toBe(403);
    expect(await get(`${lists}/NOPE01`, 'administrator')).toMatchObject({ status: 404, body: { code: 'list_not_found' } });
    const unknown = await get(`/v1/connections/${newId()}/lists`, 'administrator');
    expect(unknown).toMatchObject({ status: 404, body: { code: 'connection_not_found' } });
    expect(await get('/v1/connections/nonsense/lists', 'administrator')).toMatchObject({ status: 404 });
    expect(await get(`${lists}/a%2Fb`, 'administrator')).toMatchObject({ status: 404 });
    expect((await get(`${lists}?limit=201`, 'administrator')).status).toBe(400);
    expect(await get(`${lists}?cursor=nope`, 'administrator')).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
  });

  it('shows a list without a name by its id, alone and among others', async () => {
    const nameless = { id: 'LST900', name: null, optInProcess: null };
    await simulator.control('PUT', 'state', { accounts: [{ id: account.id, lists: [nameless] }] });
    const shown = { id: 'LST900', name: 'LST900', optInProcess: null };
    const lists = `/v1/connections/${connectionId}/lists`;
    expect(await get(`${lists}/LST900`, 'administrator')).toEqual({ status: 200, body: shown });
    expect(await get(lists, 'administrator')).toEqual({
      status: 200,
      body: { items: [{ id: LIST, name: 'Newsletter', optInProcess: 'single_opt_in' }, shown], nextCursor: null },
    });
  });
});
