import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@courier/kernel';
import { until } from '@courier/testing';
import { requiredScopes } from './attention';
import { type SimulatedAccount, Simulator, UNTIL_LIFTED } from '../testing/simulator';
import { people, type Sink, SinkBench } from '../testing/sink-bench';

describe('connections', () => {
  const ends = new AsyncDisposableStack();
  let simulator: Simulator;
  let bench: SinkBench;
  let sink: Sink;
  let account: SimulatedAccount;

  beforeAll(async () => {
    simulator = await Simulator.start();
    ends.defer(() => simulator.stop());
    bench = await SinkBench.open({ klaviyoUrl: simulator.url });
    ends.defer(() => bench.close());
    sink = await bench.sink();
    bench.start(sink);
  });

  afterAll(() => ends.disposeAsync());

  beforeEach(async () => {
    account = await simulator.freshAccount();
  });

  afterEach(() => {
    expect(bench.errors).toEqual([]);
  });

  async function checked(apiKey: string, known: { connectionId?: string; version?: number } = {}) {
    const state = await bench.connect(sink, apiKey, known);
    const check = await until(async () => {
      const checks = await bench.checksOf(state.connectionId);
      return checks.find(({ verificationId }) => verificationId === state.verification?.id);
    });
    return { state, check };
  }

  it('are found in order, with account and scopes by name', async () => {
    const { check } = await checked(account.apiKey);
    expect(check).toMatchObject({ result: 'ok', problem: null, credentialVersion: 1, account: { id: account.id } });
    expect(check.scopes).toEqual({ found: [...requiredScopes], missing: [] });
    expect(await simulator.jobs(account)).toEqual([]);
  });

  it("draw on the account's own quota from the moment that it is known", async () => {
    await checked(account.apiKey);
    const sql = 'SELECT bucket FROM quotas WHERE account_key = $1 AND cardinality(starts) = 1 ORDER BY bucket';
    const rows: { bucket: string }[] = await bench.dataSource.query(sql, [account.id]);
    expect(rows.map(({ bucket }) => bucket)).toEqual(['accounts', 'imports', 'lists', 'profiles']);
  });

  it('name every missing scope', async () => {
    const poor = { id: account.id, apiKey: 'pk_poor_key_0001' };
    await simulator.addKey(poor, ['accounts:read', 'lists:read', 'profiles:write']);
    const { check } = await checked(poor.apiKey);
    expect(check).toMatchObject({ result: 'failed', problem: { code: 'missing_scope' } });
    expect(check.scopes).toEqual({
      found: ['accounts:read', 'lists:read', 'profiles:write'],
      missing: ['lists:write', 'profiles:read'],
    });
    expect(check.problem?.detail).toContain('lists:write, profiles:read');
  });

  it('are in order again after a missing accounts:read was mended by a new key', async () => {
    const poor = { id: account.id, apiKey: 'pk_poor_key_0002' };
    await simulator.addKey(
      poor,
      requiredScopes.filter((scope) => scope !== 'accounts:read'),
    );
    const { check, state } = await checked(poor.apiKey);
    expect(check).toMatchObject({ account: null, scopes: { missing: ['accounts:read'] } });
    const mended = await checked(account.apiKey, { connectionId: state.connectionId, version: 2 });
    expect(mended.check).toMatchObject({ result: 'ok', credentialVersion: 2 });
  });

  it('say that the key is wrong', async () => {
    const { check } = await checked('pk_nobody_knows_this');
    expect(check).toMatchObject({ result: 'failed', account: null, problem: { code: 'invalid_api_key' } });
  });

  it.each([
    ['firewall_challenge', { operation: 'get_accounts', kind: 'html_challenge_403' }],
    ['plan_forbidden', { operation: 'get_lists', kind: 'status', status: 403 }],
    ['klaviyo_unreachable', { operation: 'get_profiles', kind: 'status', status: 503, times: UNTIL_LIFTED }],
    ['klaviyo_unreachable', { operation: 'get_accounts', kind: 'reset', times: UNTIL_LIFTED }],
  ])('say %s when that is what Klaviyo does', async (code, fault) => {
    await simulator.fault(fault);
    const { check } = await checked(account.apiKey);
    expect(check.problem?.code).toBe(code);
  });

  it('are repeated by themselves while Klaviyo is away, and tell its absence and its return once each', async () => {
    await simulator.fault({ operation: 'get_accounts', kind: 'reset', times: UNTIL_LIFTED });
    const { check, state } = await checked(account.apiKey);
    expect(check.problem?.code).toBe('klaviyo_unreachable');
    const seen = (await simulator.calls('get_accounts')).length;
    // More than one check makes: at least one was repeated in vain.
    await until(async () => (await simulator.calls('get_accounts')).length > seen + 4);
    await simulator.liftFaults();
    const announced = await bench.announce(sink, state.connectionId, people(3));
    const outcome = await until(async () => (await bench.outcomesOf(announced))[0]);
    expect(outcome.counts.accepted).toBe(3);
    const told = await bench.checksOf(state.connectionId);
    expect(told.map(({ result, verificationId }) => [result, verificationId])).toEqual([
      ['failed', state.verification?.id],
      ['ok', null],
    ]);
  });

  it('say that the revision is retired', async () => {
    await simulator.control('PUT', 'knobs', { retiredRevisions: ['2026-07-15'] });
    expect((await checked(account.apiKey)).check.problem?.code).toBe('revision_retired');
  });

  it('survive a few failures of Klaviyo during the check', async () => {
    await simulator.fault({ operation: 'get_lists', kind: 'status', status: 500, times: 2 });
    await simulator.fault({ operation: 'bulk_import_profiles', kind: 'status', status: 429, retryAfter: 1 });
    expect((await checked(account.apiKey)).check.result).toBe('ok');
  });

  it('refuse a key that leads to another account', async () => {
    const { state } = await checked(account.apiKey);
    const other = { id: 'OTHER1', apiKey: 'pk_other_account_0001' };
    await simulator.addKey(other, 'all');
    const { check } = await checked(other.apiKey, { connectionId: state.connectionId, version: 2 });
    expect(check).toMatchObject({ result: 'failed', account: { id: account.id }, problem: { code: 'account_changed' } });
    const announced = await bench.announce(sink, state.connectionId, people(2));
    await until(async () => (await bench.waitsOf(announced.batch.runId)).length > 0);
    expect((await simulator.calls('bulk_import_profiles')).filter(({ profiles }) => profiles !== null)).toEqual([]);
  });

  it('refuse a credential that was sealed for another connection', async () => {
    const { state } = await checked(account.apiKey);
    const copied = { ...state, connectionId: newId(), verification: { id: newId(), requestedAt: state.changedAt } };
    await bench.transaction((manager) => sink.keepConnection.execute(manager, copied));
    const check = await until(async () => (await bench.checksOf(copied.connectionId))[0]);
    expect(check).toMatchObject({ result: 'failed', problem: { code: 'invalid_api_key' } });
  });

  it('keep the higher version, and stay removed', async () => {
    const { state } = await checked(account.apiKey);
    const apply = (changed: object) =>
      bench.transaction((manager) => sink.keepConnection.execute(manager, { ...state, verification: null, ...changed }));
    expect(await apply({})).toBe(false);
    expect(await apply({ version: 5, state: 'removed', credential: null })).toBe(true);
    expect(await apply({ version: 4 })).toBe(false);
    expect(await apply({ version: 6 })).toBe(true);
    expect(await sink.connections.find(state.connectionId)).toMatchObject({ removed: true, credential: null });
  });

  it('end the batches of a removed connection', async () => {
    const { state } = await checked(account.apiKey);
    const removed = { ...state, version: 2, state: 'removed' as const, credential: null, verification: null };
    await bench.transaction((manager) => sink.keepConnection.execute(manager, removed));
    const announced = await bench.announce(sink, state.connectionId, people(2));
    const outcome = await until(async () => (await bench.outcomesOf(announced))[0]);
    expect(outcome).toMatchObject({ counts: { notAttempted: 2 }, error: { code: 'connection_removed' } });
  });

  it('let batches wait when the key stops working, tell it once, and go on with a new key', async () => {
    const { state } = await checked(account.apiKey);
    const { connectionId } = state;
    await simulator.fault({ operation: 'bulk_import_profiles', kind: 'status', status: 401 });
    const runId = newId();
    const first = await bench.announce(sink, connectionId, people(5, 'one'), { runId, number: 1 });
    await until(async () => (await bench.waitsOf(runId)).length > 0);
    const second = await bench.announce(sink, connectionId, people(5, 'two'), { runId, number: 2 });
    const told = await until(async () => (await bench.checksOf(connectionId))[1]);
    expect(told).toMatchObject({ verificationId: null, result: 'failed', problem: { code: 'invalid_api_key' } });
    expect(await bench.waitsOf(runId)).toMatchObject([{ waiting: { reason: 'connection_needs_attention' } }]);

    await checked(account.apiKey, { connectionId, version: 2 });
    for (const announced of [first, second]) {
      const outcome = await until(async () => (await bench.outcomesOf(announced))[0]);
      expect(outcome.counts).toEqual({ accepted: 5, rejected: 0, unconfirmed: 0, notAttempted: 0 });
    }
    expect(await bench.waitsOf(runId)).toMatchObject([{ waiting: { reason: 'connection_needs_attention' } }, { waiting: null }]);
    expect(await bench.checksOf(connectionId)).toHaveLength(3);
  });

  it('let a stopped run end although an answer is lost and the key that could look for its job works no more', async () => {
    const { state } = await checked(account.apiKey);
    const { connectionId } = state;
    await simulator.fault({ operation: 'bulk_import_profiles', kind: 'lost_answer' });
    await simulator.fault({ operation: 'get_bulk_import_profiles_jobs', kind: 'status', status: 401, times: UNTIL_LIFTED });
    const announced = await bench.announce(sink, connectionId, people(5));
    const { runId, exportId } = announced.batch;
    await until(async () => (await bench.waitsOf(runId)).length > 0);
    const states: unknown = await bench.dataSource.query('SELECT state FROM live_submissions WHERE run_id = $1', [runId]);
    expect(states).toEqual([{ state: 'unanswered' }]);
    const stop = { runId, exportId, connectionId, reason: 'deadline_exceeded', stoppedAt: new Date().toISOString() };
    await bench.transaction((manager) => sink.stopRun.execute(manager, stop));
    const outcome = await until(async () => (await bench.outcomesOf(announced))[0]);
    expect(outcome).toMatchObject({ counts: { unconfirmed: 5, notAttempted: 0 }, error: { code: 'run_stopped' } });
  });

  it('keep the key out of the database', async () => {
    await checked(account.apiKey);
    for (const table of ['connections', 'outbox', 'quotas']) {
      const rows: { text: string }[] = await bench.dataSource.query(`SELECT row_to_json(t)::text AS text FROM ${table} t`);
      expect(rows.map(({ text }) => text).join()).not.toContain(account.apiKey);
    }
  });
});
