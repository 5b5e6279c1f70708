import { describe, expect, it } from '@jest/globals';
import { readinessOf } from './readiness';

const fine = { name: 'fine', check: () => Promise.resolve(null) };

describe('readinessOf', () => {
  it('is ready when every check is', async () => {
    expect(await readinessOf([fine])).toEqual({ status: 'ready', problems: {}, checked: ['fine'] });
  });

  it('is degraded while something only waits, and not ready when anything is wrong beside it', async () => {
    const waiting = { ...fine, name: 'intake', waits: () => 'topic/0 is paused' };
    expect(await readinessOf([fine, waiting])).toEqual({
      status: 'degraded',
      problems: { intake: 'topic/0 is paused' },
      checked: ['fine', 'intake'],
    });
    const wrong = { ...waiting, check: () => Promise.resolve('topic/1 is not open yet') };
    expect(await readinessOf([fine, wrong])).toMatchObject({
      status: 'not_ready',
      problems: { intake: 'topic/1 is not open yet; topic/0 is paused' },
    });
  });

  it('names what is wrong, what throws and what does not answer', async () => {
    const report = await readinessOf(
      [
        fine,
        { name: 'kafka', check: () => Promise.resolve('no broker answers') },
        { name: 'postgresql', check: () => Promise.reject(new Error('password of jane')) },
        { name: 'intake', check: () => new Promise<string | null>(() => undefined) },
      ],
      5,
    );
    expect(report).toEqual({
      status: 'not_ready',
      problems: { kafka: 'no broker answers', postgresql: 'the check itself failed', intake: 'no answer within 5 ms' },
      checked: ['fine', 'kafka', 'postgresql', 'intake'],
    });
  });
});
