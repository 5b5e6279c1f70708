import { describe, expect, it } from '@jest/globals';
import type { BatchFinishedV1 } from '@courier/contracts';
import { type BatchAgain, decideAgain, type ReplayOfBatch } from './batch-again';
import type { KnownDelivery } from './delivery';

const ended = (counts: Partial<BatchFinishedV1['counts']>) =>
  ({ counts: { accepted: 5, rejected: 0, unconfirmed: 0, notAttempted: 0, ...counts } }) as BatchFinishedV1;

describe('a batch that a rewind brings again', () => {
  const sent = (outcome: BatchFinishedV1 | null, calls = 1): KnownDelivery => ({ id: 'd', outcome, calls });
  it.each<[string, Partial<ReplayOfBatch> & { newest: KnownDelivery }, BatchAgain]>([
    ['has not been called yet', { newest: sent(null, 0) }, 'continue'],
    ['has not been called yet, behind older values', { newest: sent(null, 0), behindAnotherRun: true }, 'continue'],
    ['is under way', { newest: sent(null) }, 'continue'],
    ['is under way, and older values come after it', { newest: sent(null), behindAnotherRun: true }, 'send'],
    ['has ended', { newest: sent(ended({})) }, 'send'],
    ['has ended well, where only the unfinished is wanted', { newest: sent(ended({})), unfinishedOnly: true }, 'keep'],
    ['has rejected rows', { newest: sent(ended({ rejected: 1 })), unfinishedOnly: true }, 'keep'],
    ['has unconfirmed rows', { newest: sent(ended({ unconfirmed: 1 })), unfinishedOnly: true }, 'send'],
    ['has rows that were not attempted', { newest: sent(ended({ notAttempted: 1 }), 0), unfinishedOnly: true }, 'send'],
  ])('that %s', (_what, batch, expected) => {
    expect(decideAgain({ unfinishedOnly: false, behindAnotherRun: false, ...batch })).toBe(expected);
  });
});
