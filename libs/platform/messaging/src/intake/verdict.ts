/** What a handler decides about a record. Everything but `retry` ends the record for good. */
export type Verdict =
  | { kind: 'done' }
  /** Rightly without effect; the reason goes to the inbox. */
  | { kind: 'skip'; reason: string }
  /** Nothing of this attempt stays; the partition pauses and the record comes again. */
  | { kind: 'retry'; afterMs: number; reason: string }
  /** Nothing of this attempt stays; a note goes to the topic's dead letters. `detail` must not quote the record. */
  | { kind: 'dead-letter'; reason: DeadLetterReason; detail: string };

export type DeadLetterReason =
  'undecodable' | 'too_large' | 'invalid_message' | 'unknown_type' | 'expired_batch' | 'handler_failed';

export const verdict = {
  done: (): Verdict => ({ kind: 'done' }),
  skip: (reason: string): Verdict => ({ kind: 'skip', reason }),
  retry: (afterMs: number, reason: string): Verdict => ({ kind: 'retry', afterMs, reason }),
  deadLetter: (reason: DeadLetterReason, detail: string): Verdict => ({ kind: 'dead-letter', reason, detail }),
};
