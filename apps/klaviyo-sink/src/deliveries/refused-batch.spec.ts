import { describe, expect, it } from '@jest/globals';
import { batchFinishedV1 } from '@courier/contracts';
import { derivedId, newId } from '@courier/kernel';
import { outcomeOfRefused, readRefused } from './refused-batch';

describe('the outcome of a batch that cannot be taken in', () => {
  const now = new Date('2026-11-24T02:15:44Z');
  const ids = { batchId: newId(), runId: newId(), exportId: newId(), attempt: 2, number: 7 };
  const refusal = { epoch: 3, reason: 'invalid_message', detail: 'listId too_small' };

  it('says that no row was attempted, and why, also for more rows than a batch may have', () => {
    const batch = readRefused({ ...ids, rows: 20_000, listId: '', unknown: true });
    const outcome = batch && outcomeOfRefused(batch, refusal, now);
    expect(outcome).toEqual({
      ...ids,
      deliveryId: derivedId('delivery', ids.batchId, 3),
      counts: { accepted: 0, rejected: 0, unconfirmed: 0, notAttempted: 20_000 },
      rejectedReasons: {},
      results: null,
      jobIds: [],
      attempts: 0,
      error: { code: 'invalid_message', detail: expect.stringContaining('listId too_small') },
      finishedAt: now.toISOString(),
      epoch: 3,
    });
    expect(batchFinishedV1.schema.safeParse(outcome).success).toBe(true);
  });

  it('names no epoch outside a replay', () => {
    const batch = readRefused({ ...ids, rows: 5 });
    expect(batch && outcomeOfRefused(batch, { ...refusal, epoch: 0 }, now)).not.toHaveProperty('epoch');
  });

  it.each([
    ['has no batch id', { batchId: undefined }],
    ['names no run', { runId: 'a run' }],
    ['does not say how many rows', { rows: 'many' }],
  ])('is not told when the record %s', (_what, changed) => {
    expect(readRefused({ ...ids, rows: 5, ...changed })).toBeNull();
  });

  it.each([null, 'text', [], 5])('is not told for a value like %j', (data) => {
    expect(readRefused(data)).toBeNull();
  });
});
