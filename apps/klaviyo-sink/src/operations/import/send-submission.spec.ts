import { AppError } from '@courier/kernel';
import { describe, expect, it } from '@jest/globals';
import type { Submission, SubmissionEnd } from '../../deliveries/submission';
import type { BatchObjects } from '../../deliveries/batch-objects';
import type { DeliveryStore } from '../../deliveries/delivery-store';
import type { LeasedWrites } from '../../accounts/leased-writes';
import type { Settings } from '../../settings';
import { BatchSlots } from '../../deliveries/batch-slots';
import type { OwnedAccount } from '../../accounts/owned-account';
import type { ResolveRefusedImport } from './resolve-refused-import';
import { SendSubmission } from './send-submission';
import type { UseCredential } from '../../connections/use-credential';

const settings = { batchesInMemoryMax: 1 } as Settings;
const submission = { id: 'S1', connectionId: 'C1', rows: 5, ranges: [[0, 4]], maybeSent: false } as unknown as Submission;

/** Sends a submission that Klaviyo refuses, where resolving the refusal fails; tells how the submission ended. */
async function sendRefused(failure: Error): Promise<SubmissionEnd[]> {
  const ends: SubmissionEnd[] = [];
  const deliveries = { end: (_manager: unknown, _id: string, end: SubmissionEnd) => Promise.resolve(ends.push(end)) };
  const writes = { write: (_lease: unknown, work: (manager: null) => Promise<unknown>) => work(null) };
  const session = { call: () => Promise.resolve({ kind: 'invalid', entries: [] }) };
  const useCase = new SendSubmission(
    deliveries as unknown as DeliveryStore,
    { load: () => Promise.resolve({ size: 5 }) } as unknown as BatchObjects,
    writes as unknown as LeasedWrites,
    { open: () => Promise.resolve({}) } as unknown as UseCredential,
    { execute: () => Promise.reject(failure) } as unknown as ResolveRefusedImport,
    new BatchSlots(settings),
    settings,
  );
  await useCase.execute({ session } as unknown as OwnedAccount, submission);
  return ends;
}

describe('a submission whose answer cannot be recorded', () => {
  it('ends unconfirmed with the reason when another try cannot help', async () => {
    const ends = await sendRefused(new AppError('staged_object_too_large', 'too many results'));
    expect(ends).toEqual([
      {
        counts: { accepted: 0, rejected: 0, unconfirmed: 5, notAttempted: 0 },
        reasons: {},
        results: null,
        error: { code: 'staged_object_too_large', detail: 'too many results' },
      },
    ]);
  });

  it.each([new AppError('lease_lost', 'spec', { retryable: true }), new TypeError('spec')])(
    'stays as it is for another try after %p',
    async (failure) => {
      await expect(sendRefused(failure)).rejects.toBe(failure);
    },
  );
});
