import { describe, expect, it } from '@jest/globals';
import { OpsError } from '../ops-error';
import { awaitVerdict, type HeardRefresh } from './await-verdict';

const heard: HeardRefresh = {
  eventId: 'e-1',
  epoch: 0,
  segmentId: 's',
  sequence: 1,
  receivedAt: '2026-11-24T00:00:00.000Z',
  verdict: 'recorded',
  remedy: 'none',
  reason: 'no_active_export',
  runIds: [],
};

function answering(...answers: (HeardRefresh[] | OpsError)[]) {
  return {
    call: <T>(): Promise<T> => {
      const answer = answers.shift() ?? [];
      return answer instanceof OpsError ? Promise.reject(answer) : Promise.resolve({ items: answer, nextCursor: null } as T);
    },
  };
}

describe('awaitVerdict', () => {
  it('waits until this very event is heard, over a short silence of the service', async () => {
    const down = new OpsError({ code: 'unreachable', what: 'down', why: 'down', retryable: true });
    const api = answering([{ ...heard, eventId: 'another' }], down, [{ ...heard, eventId: 'another' }, heard]);
    await expect(awaitVerdict(api, { eventId: 'e-1', segmentId: 's' })).resolves.toEqual(heard);
  });

  it('says nothing when nobody hears the event', async () => {
    await expect(awaitVerdict(answering(), { eventId: 'e-1', segmentId: 's' }, 20)).resolves.toBeNull();
  });

  it('tells a refusal at once', async () => {
    const forbidden = new OpsError({ code: 'forbidden', what: 'no', why: 'no' });
    await expect(awaitVerdict(answering(forbidden), { eventId: 'e-1', segmentId: 's' })).rejects.toBe(forbidden);
  });
});
