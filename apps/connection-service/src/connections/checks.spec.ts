import { beforeEach, describe, expect, it } from '@jest/globals';
import { newId, nextVersion } from '@courier/kernel';
import type { OutboxRelay } from '@courier/messaging';
import { createConnection, type Connection } from './connection';
import type { CheckResult } from './apply-check';
import { FakeAuditTrail } from '../testing/fake-audit-trail';
import { FakeOnce } from '../testing/fake-once';
import { fakeManager, FakeConnectionStore } from '../testing/fake-connection-store';
import { AwaitCheck } from './await-check';
import { ListConnections } from './list-connections';
import { RecordCheck } from './record-check';
import { RepublishConnections } from './republish-connections';
import { ShowConnection } from './show-connection';
import { VerifyConnection } from './verify-connection';

const ada = { sub: 'ada', name: 'Ada', roles: ['administrator' as const], address: null };
const once = new FakeOnce();
const matches = () => true;
const bob = { ...ada, sub: 'bob', name: 'Bob' };
const clock = { now: () => new Date('2026-11-24T12:00:00Z') };
let store: FakeConnectionStore;
let audit: FakeAuditTrail;

beforeEach(() => {
  store = new FakeConnectionStore();
  audit = new FakeAuditTrail();
});

function given(access: Connection['access'] = 'administrators', change: Partial<Connection> = {}): Connection {
  const credential = { kind: 'api_key' as const, last4: 'beef', version: 1, sealed: 'jwe' };
  const fields = { id: newId(), displayName: 'Shop', access, profileLimit: 1, credential, consentTextVersion: '1' };
  const connection = { ...createConnection(fields, ada, clock.now()), ...change };
  store.connections.set(connection.id, connection);
  return connection;
}

function passed({ verification }: Connection): CheckResult {
  const account = { id: 'ACC001', name: 'Shop' };
  return {
    verificationId: verification?.id ?? null,
    credentialVersion: 1,
    result: 'ok',
    account,
    scopes: { found: [], missing: [] },
    problem: null,
  };
}

describe('VerifyConnection', () => {
  it('asks for a new check in the name of who wanted it', async () => {
    const before = given('administrators', { state: 'connected', verification: null });
    const after = await new VerifyConnection(store, audit, clock).execute(before.id, { by: bob, matches, once });
    const connection = {
      state: 'verifying',
      version: nextVersion(1, clock.now()),
      updatedBy: { sub: 'bob', name: 'Bob' },
      verification: { requestedAt: clock.now() },
    };
    expect(after).toMatchObject({ kind: 'requested', connection });
    expect(store.announced).toMatchObject([connection]);
    expect(once.recorded).toEqual([before.id]);
    const aggregate = { type: 'connection', id: before.id };
    expect(audit.recorded).toEqual([{ by: 'bob', action: 'connection.verification_requested', aggregate }]);
  });

  it('asks for none when the caller means another version', async () => {
    const { id } = given();
    const after = await new VerifyConnection(store, audit, clock).execute(id, {
      by: ada,
      matches: (version) => version === 2,
      once,
    });
    expect(after).toEqual({ kind: 'version_differs' });
    expect(store.announced).toEqual([]);
  });

  it('knows neither unknown nor removed connections', async () => {
    const removed = given('administrators', { state: 'removed' });
    expect(await new VerifyConnection(store, audit, clock).execute(newId(), { by: ada, matches, once })).toEqual({
      kind: 'connection_not_found',
    });
    expect(await new VerifyConnection(store, audit, clock).execute(removed.id, { by: ada, matches, once })).toEqual({
      kind: 'connection_not_found',
    });
    expect(store.announced).toEqual([]);
  });
});

describe('RecordCheck', () => {
  it('stores and announces what the check found', async () => {
    const before = given();
    expect(await new RecordCheck(store, clock).execute(fakeManager, before.id, passed(before))).toEqual({ kind: 'recorded' });
    expect(store.announced).toMatchObject([{ state: 'connected', version: nextVersion(1, clock.now()) }]);
  });

  it('changes nothing for a stale check or an unknown connection', async () => {
    const before = given();
    const record = new RecordCheck(store, clock);
    expect(await record.execute(fakeManager, before.id, { ...passed(before), verificationId: newId() })).toEqual({
      kind: 'stale',
      reason: 'other_verification',
    });
    expect(await record.execute(fakeManager, newId(), passed(before))).toEqual({ kind: 'unknown_connection' });
    expect(store.announced).toEqual([]);
    expect(store.connections.get(before.id)).toBe(before);
  });
});

describe('AwaitCheck', () => {
  it('answers as soon as the check has ended', async () => {
    const before = given();
    let listening = 0;
    const signal = {
      listen: (listener: () => void) => {
        listening += 1;
        store.onChange = listener;
        return Promise.resolve(() => (listening -= 1));
      },
    };
    const waiting = new AwaitCheck(store, signal).execute(before, 60_000);
    await new RecordCheck(store, clock).execute(fakeManager, before.id, passed(before));
    expect((await waiting).state).toBe('connected');
    expect(listening).toBe(0);
  });

  it('looks by itself when the signal was lost', async () => {
    const before = given();
    const waiting = new AwaitCheck(store, { listen: () => Promise.resolve(() => undefined) }).execute(before, 60_000);
    await new RecordCheck(store, clock).execute(fakeManager, before.id, passed(before));
    expect((await waiting).state).toBe('connected');
  });

  it('answers with the connection as it is when the time is over', async () => {
    const before = given();
    const waited = await new AwaitCheck(store, { listen: () => Promise.resolve(() => undefined) }).execute(before, 5);
    expect(waited.state).toBe('verifying');
  });
});

describe('ShowConnection and ListConnections', () => {
  it('show contributors what is shared and administrators everything that is not removed', async () => {
    const own = given('administrators');
    const shared = given('contributors');
    const removed = given('contributors', { state: 'removed' });
    const show = new ShowConnection(store);
    expect(await show.execute(own.id, 'shared')).toBeNull();
    expect(await show.execute(shared.id, 'shared')).toBe(shared);
    expect(await show.execute(own.id, 'full')).toBe(own);
    expect(await show.execute(removed.id, 'full')).toBeNull();
    expect(await new ListConnections(store).execute({ view: 'shared', limit: 1, after: null })).not.toContain(own);
  });
});

describe('RepublishConnections', () => {
  it('announces every state again without changing it, removed ones included, when the relay has a new leader', async () => {
    const all = [given(), given('contributors', { state: 'removed', verification: null })];
    const republishers: Parameters<OutboxRelay['onLeadership']>[0][] = [];
    const relay: Pick<OutboxRelay, 'onLeadership'> = { onLeadership: (republish) => republishers.push(republish) };
    new RepublishConnections(store, relay as OutboxRelay);
    expect(store.announced).toEqual([]);
    for (const republish of republishers) await republish(fakeManager);
    expect(store.announced).toEqual(all);
  });
});
