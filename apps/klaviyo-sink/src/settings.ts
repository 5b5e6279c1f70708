import type { Backoff } from './accounts/backoff';

/** What the use cases need to know of this deployment. */
export abstract class Settings {
  /** Part of an account's rate limits that this system may use. */
  abstract readonly quotaShare: number;
  /** A whole call never takes longer: the transport ends it. */
  abstract readonly callTimeoutMs: number;
  /** Of an account and of a check; it outlives a call. */
  abstract readonly leaseTtlMs: number;
  /** Import calls of one account side by side, at most. */
  abstract readonly callsAtOnceMax: number;
  /** Over all accounts of this process. */
  abstract readonly batchesInMemoryMax: number;
  /** Calls without a usable answer before the rows stay unconfirmed. */
  abstract readonly triesMax: number;
  abstract readonly backoff: Backoff;
  /** Between the checks of a connection while Klaviyo is away. */
  abstract readonly recheck: Backoff;
  /** An import job that Klaviyo has not ended by then leaves its rows unconfirmed. */
  abstract readonly jobDeadlineMs: number;
  /** How long after its request a batch is kept in staging. */
  abstract readonly stagedForMs: number;
  /** How long what has ended stays known; longer than a batch can be sent again. */
  abstract readonly historyMs: number;
}
