import type { Attention } from '@courier/contracts';
import { nextVersion } from '@courier/kernel';
import type { Account, Connection, Scopes } from './connection';
import { nextState } from './connection-states';

/** What the sink found when it tried a credential at Klaviyo. */
export interface CheckResult {
  /** The check that this answers; null for a failure that a delivery ran into. */
  verificationId: string | null;
  credentialVersion: number;
  result: 'ok' | 'failed';
  account: Account | null;
  scopes: Scopes;
  problem: Attention | null;
}

export type CheckDecision =
  | { kind: 'applied'; connection: Connection }
  | {
      kind: 'stale';
      reason: 'connection_removed' | 'other_verification' | 'other_credential' | 'check_under_way' | 'nothing_asked' | 'known';
    };

/** A late answer must not overwrite what a newer check or a newer key has shown. */
export function applyCheck(connection: Connection, check: CheckResult, now: Date): CheckDecision {
  const stale = staleReason(connection, check);
  if (stale !== null) return { kind: 'stale', reason: stale };
  const attention = attentionFrom(connection, check);
  const checkedScopes = check.scopes.found.length + check.scopes.missing.length > 0;
  return {
    kind: 'applied',
    connection: {
      ...connection,
      version: nextVersion(connection.version, now),
      state: nextState(connection.state, attention === null ? 'check_passed' : 'check_failed'),
      attention,
      // The account is pinned by the first check: another one is a reason for attention, never a silent change.
      account: connection.account ?? check.account,
      scopes: checkedScopes ? check.scopes : connection.scopes,
      verification: null,
      updatedAt: now,
    },
  };
}

type StaleReason = Extract<CheckDecision, { kind: 'stale' }>['reason'];

function staleReason(connection: Connection, check: CheckResult): StaleReason | null {
  if (connection.state === 'removed') return 'connection_removed';
  if (check.credentialVersion !== connection.credential.version) return 'other_credential';
  if (check.verificationId !== null) return check.verificationId === connection.verification?.id ? null : 'other_verification';
  // The check under way tries the same credential and will find the same.
  if (connection.verification !== null) return 'check_under_way';
  // The sink goes on asking by itself while Klaviyo is away; what any other check found wrong is for a person to mend.
  if (check.result === 'ok') return connection.attention?.code === 'klaviyo_unreachable' ? null : 'nothing_asked';
  return connection.attention?.code === check.problem?.code ? 'known' : null;
}

function attentionFrom({ account }: Connection, check: CheckResult): Attention | null {
  if (check.result === 'failed') return check.problem ?? unexplained;
  if (account !== null && check.account !== null && account.id !== check.account.id) return accountChanged;
  return null;
}

const unexplained: Attention = {
  code: 'klaviyo_unreachable',
  detail: 'The check failed without a reason.',
  remedy: 'Verify the connection again.',
};

const accountChanged: Attention = {
  code: 'account_changed',
  detail: 'The API key belongs to another Klaviyo account than before.',
  remedy: 'Create a separate connection for the other account.',
};
