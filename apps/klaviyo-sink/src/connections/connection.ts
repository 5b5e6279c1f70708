import type { Attention, ConnectionChangedV1 } from '@courier/contracts';
import type { KlaviyoAccountRef } from '../klaviyo';

/** What the sink knows of a connection. */
export interface SinkConnection {
  connectionId: string;
  removed: boolean;
  /** Who may use it. */
  access: ConnectionChangedV1['access'];
  credential: { version: number; sealed: string } | null;
  /** The check that the owner waits for; null when none is, or it was answered. */
  verificationId: string | null;
  /** The account of the first check that got one; a credential of another account is refused for good. */
  account: KlaviyoAccountRef | null;
  standing: 'unchecked' | 'ok' | 'failed';
  /** Checks that Klaviyo's absence kept from an answer, one after the other. */
  rechecks: number;
  /** Of the record that brought this state. */
  traceparent: string | null;
}

export interface CheckResult {
  account: KlaviyoAccountRef | null;
  scopes: { found: string[]; missing: string[] };
  /** Null when everything is as it must be. */
  problem: Attention | null;
}
