import { describe, expect, it } from '@jest/globals';
import { CredentialSealer } from './credential-sealer';
import { FakeAuditTrail } from '../testing/fake-audit-trail';
import { FakeConnectionStore } from '../testing/fake-connection-store';
import { FakeOnce } from '../testing/fake-once';
import { CreateConnection } from './create-connection';

const apiKey = 'pk_0123456789abcdef0123456789abcdef';
const ada = { sub: 'ada', name: 'Ada', roles: ['administrator' as const], address: null };
const person = { sub: 'ada', name: 'Ada' };
const now = new Date('2026-11-24T12:00:00Z');

class FakeSealer extends CredentialSealer {
  readonly sealed: { connectionId: string; version: number; apiKey: string }[] = [];

  seal(credential: { connectionId: string; version: number; apiKey: string }): Promise<string> {
    this.sealed.push(credential);
    return Promise.resolve('ciphertext');
  }
}

function setUp(ceiling = 1_000_000) {
  const store = new FakeConnectionStore();
  const sealer = new FakeSealer();
  const audit = new FakeAuditTrail();
  const settings = { profileLimitCeiling: ceiling };
  return { store, sealer, audit, create: new CreateConnection(store, sealer, settings, audit, { now: () => now }) };
}

const once = new FakeOnce();
const request = { displayName: 'Shop', apiKey, access: 'administrators' as const };

describe('CreateConnection', () => {
  it('stores and announces a connection that waits for its check', async () => {
    const { store, create } = setUp();
    const created = await create.execute(request, ada, once);
    expect(created).toMatchObject({
      kind: 'created',
      connection: {
        state: 'verifying',
        version: 1,
        profileLimit: 100_000,
        exportUser: person,
        createdAt: now,
        verification: { requestedAt: now },
      },
    });
    expect(store.announced).toEqual([...store.connections.values()]);
    expect(once.recorded).toEqual([store.announced[0]?.id]);
  });

  it('seals the key to this connection and version, and keeps only its last four characters', async () => {
    const { store, sealer, create } = setUp();
    await create.execute(request, ada, once);
    const [connection] = store.announced;
    expect(sealer.sealed).toEqual([{ connectionId: connection?.id, version: 1, apiKey }]);
    expect(connection?.credential).toEqual({ kind: 'api_key', last4: 'cdef', version: 1, sealed: 'ciphertext' });
    expect(JSON.stringify(connection)).not.toContain(apiKey);
  });

  it('keeps who consented to which text, and when', async () => {
    const { store, create } = setUp();
    await create.execute(request, ada, once);
    expect(store.announced[0]?.consent).toEqual({ acceptedAt: now, by: person, textVersion: '2026-11' });
  });

  it('refuses a limit above the ceiling and stores nothing', async () => {
    const { store, audit, create } = setUp(500_000);
    expect(await create.execute({ ...request, profileLimit: 500_001 }, ada, once)).toEqual({
      kind: 'profile_limit_too_high',
      ceiling: 500_000,
    });
    expect(store.announced).toEqual([]);
    expect(audit.recorded).toEqual([]);
    expect(await create.execute({ ...request, profileLimit: 500_000 }, ada, once)).toMatchObject({
      connection: { profileLimit: 500_000 },
    });
  });

  it('takes a ceiling below the default as the default', async () => {
    const { create } = setUp(1_000);
    expect(await create.execute(request, ada, once)).toMatchObject({ connection: { profileLimit: 1_000 } });
  });
});
