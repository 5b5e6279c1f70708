import { describe, expect, it } from '@jest/globals';
import { OpsError } from '../ops-error';
import { nextSequence } from './next-sequence';

const answering = (answer: object | OpsError) => ({
  call: <T>(): Promise<T> => (answer instanceof OpsError ? Promise.reject(answer) : Promise.resolve(answer as T)),
});
const failing = (code: string) => new OpsError({ code, what: 'no', why: 'no' });

describe('nextSequence', () => {
  it('is just above the newest known one, be it lower than that of the last refresh', async () => {
    await expect(nextSequence(answering({ newestSequence: 1423, lastRefresh: { sequence: 7 } }), 's')).resolves.toBe(1424);
    await expect(nextSequence(answering({ newestSequence: 0, lastRefresh: { sequence: 9 } }), 's')).resolves.toBe(1);
  });

  it('is one for a segment that nobody has heard of', async () => {
    await expect(nextSequence(answering(failing('segment_not_found')), 's')).resolves.toBe(1);
  });

  it.each(['unreachable', 'forbidden', 'not_found'])('is not guessed where it cannot be asked for: %s', async (code) => {
    await expect(nextSequence(answering(failing(code)), 's')).rejects.toMatchObject({ code });
  });
});
