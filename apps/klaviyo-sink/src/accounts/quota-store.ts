import type { QuotaBucket } from './quota';

export interface TurnWait {
  /** Ends the wait: AppError `abandoned` is thrown. */
  signal?: AbortSignal;
  /** A start that is further off is not waited for, and nothing is debited. */
  maxMs?: number;
}

/** A call may start now, or not within the longest wait. */
export type Turn = { kind: 'come' } | { kind: 'far_off'; afterMs: number };

/** The calls that an account may make. One for all processes and all owners of the account's lease. */
export abstract class Quota {
  /** Resolves when the call may start, which is debited before, or at once when that is too far off. */
  abstract turn(accountKey: string, bucket: QuotaBucket, wait: TurnWait): Promise<Turn>;
  /** How long a call would wait for its turn if it asked now; debits nothing. */
  abstract waitMs(accountKey: string, bucket: QuotaBucket): Promise<number>;
  /** Debits a call that was made before its account was known. */
  abstract debit(accountKey: string, bucket: QuotaBucket): Promise<void>;
  /** Klaviyo throttled: nothing starts before the time that it named. */
  abstract block(accountKey: string, bucket: QuotaBucket, forMs: number): Promise<void>;
}
