import type { Attention, ConnectionState } from '@courier/contracts';
import { nextVersion } from '@courier/kernel';
import { describe, expect, it } from '@jest/globals';
import { applyCheck, type CheckResult } from './apply-check';
import { createConnection, requestCheck, type Connection } from './connection';
import { connectionTransitions, nextState, type ConnectionEvent } from './connection-states';

const ada = { sub: 'ada', name: 'Ada' };
const now = new Date('2026-11-24T12:00:00Z');
const later = new Date('2026-11-24T12:00:05Z');
const account = { id: 'ACC001', name: 'Shop' };
const invalidKey: Attention = { code: 'invalid_api_key', detail: 'd', remedy: 'r' };

function verifying(): Connection {
  return createConnection(
    {
      id: '0190e2a4-0000-7000-8000-000000000001',
      displayName: 'Shop',
      access: 'administrators',
      profileLimit: 100_000,
      credential: { kind: 'api_key', last4: 'beef', version: 1, sealed: 'jwe' },
      consentTextVersion: '1',
    },
    ada,
    now,
  );
}

function answer(connection: Connection, change: Partial<CheckResult> = {}): CheckResult {
  return {
    verificationId: connection.verification?.id ?? null,
    credentialVersion: connection.credential.version,
    result: 'ok',
    account,
    scopes: { found: ['lists:read'], missing: [] },
    problem: null,
    ...change,
  };
}

function applied(connection: Connection, check: CheckResult): Connection {
  const decision = applyCheck(connection, check, later);
  if (decision.kind === 'applied') return decision.connection;
  throw new Error(`stale: ${decision.reason}`);
}

describe('applyCheck', () => {
  it('connects a connection whose check passed', () => {
    const before = verifying();
    expect(applied(before, answer(before))).toMatchObject({
      state: 'connected',
      version: nextVersion(1, later),
      account,
      scopes: { found: ['lists:read'], missing: [] },
      attention: null,
      verification: null,
      updatedAt: later,
    });
  });

  it('asks for attention when the check failed, naming the missing scopes', () => {
    const before = verifying();
    const missing = { found: ['lists:read'], missing: ['profiles:write'] };
    const problem: Attention = { code: 'missing_scope', detail: 'profiles:write', remedy: 'r' };
    expect(applied(before, answer(before, { result: 'failed', problem, scopes: missing }))).toMatchObject({
      state: 'needs_attention',
      attention: problem,
      scopes: missing,
    });
  });

  it('keeps the account that is known and refuses another one', () => {
    const known = requestCheck(applied(verifyingPair.before, verifyingPair.answer), ada, later);
    const other = applied(known, answer(known, { account: { id: 'ACC002', name: 'Other' } }));
    expect(other).toMatchObject({ state: 'needs_attention', account, attention: { code: 'account_changed' } });
  });

  it('skips the answer to a check that a newer one replaced', () => {
    const first = verifying();
    const second = requestCheck(first, ada, later);
    expect(applyCheck(second, answer(first), later)).toEqual({ kind: 'stale', reason: 'other_verification' });
    expect(applied(second, answer(second)).state).toBe('connected');
  });

  it('skips the answer to a check that is already answered', () => {
    const { before, answer: check } = verifyingPair;
    expect(applyCheck(applied(before, check), check, later)).toEqual({ kind: 'stale', reason: 'other_verification' });
  });

  it('skips what was found with another credential', () => {
    const before = verifying();
    const check = answer(before, { credentialVersion: 2 });
    expect(applyCheck(before, check, later)).toEqual({ kind: 'stale', reason: 'other_credential' });
  });

  it('takes in a failure that a delivery ran into, once', () => {
    const before = applied(verifyingPair.before, verifyingPair.answer);
    const learned = answer(before, {
      verificationId: null,
      result: 'failed',
      problem: invalidKey,
      account: null,
      scopes: { found: [], missing: [] },
    });
    const after = applied(before, learned);
    expect(after).toMatchObject({ state: 'needs_attention', attention: invalidKey, account, scopes: before.scopes });
    expect(applyCheck(after, learned, later)).toEqual({ kind: 'stale', reason: 'known' });
  });

  it('leaves a check that is under way to its own answer', () => {
    const check = answer(verifying(), { verificationId: null, result: 'failed', problem: invalidKey });
    expect(applyCheck(verifying(), check, later)).toEqual({ kind: 'stale', reason: 'check_under_way' });
  });

  it('connects again by a success that nobody asked for when Klaviyo was away, and only then', () => {
    const before = verifying();
    const problem: Attention = { code: 'klaviyo_unreachable', detail: 'd', remedy: 'r' };
    const away = applied(before, answer(before, { result: 'failed', problem, account: null }));
    const back = answer(away, { verificationId: null });
    expect(applied(away, back)).toMatchObject({ state: 'connected', attention: null, account });
    const wrongKey = applied(before, answer(before, { result: 'failed', problem: invalidKey }));
    expect(applyCheck(wrongKey, answer(wrongKey), later)).toEqual({ kind: 'stale', reason: 'nothing_asked' });
  });

  it('skips a success that nobody asked for and anything about a removed connection', () => {
    const before = applied(verifyingPair.before, verifyingPair.answer);
    expect(applyCheck(before, answer(before), later)).toEqual({ kind: 'stale', reason: 'nothing_asked' });
    const removed: Connection = { ...before, state: 'removed' };
    expect(applyCheck(removed, answer(removed), later)).toEqual({ kind: 'stale', reason: 'connection_removed' });
  });
});

const verifyingPair = (() => {
  const before = verifying();
  return { before, answer: answer(before) };
})();

describe('the transition table', () => {
  const states: ConnectionState[] = ['verifying', 'connected', 'needs_attention', 'removed'];
  const events: ConnectionEvent[] = ['check_requested', 'check_passed', 'check_failed'];

  it.each(states.flatMap((state) => events.map((event) => [state, event] as const)))(
    'answers %s with %s as listed',
    (state, event) => {
      const listed = connectionTransitions[state][event];
      if (listed === undefined)
        expect(() => nextState(state, event)).toThrow(expect.objectContaining({ code: 'illegal_transition' }));
      else expect(nextState(state, event)).toBe(listed);
    },
  );

  it('lets nothing leave removed', () => {
    expect(connectionTransitions.removed).toEqual({});
  });
});
