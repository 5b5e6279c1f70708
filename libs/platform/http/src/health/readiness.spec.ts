import { describe, expect, it } from '@jest/globals';
import { readinessOf } from './readiness';

const fine = { name: 'fine', check: () => Promise.resolve(null) };

describe('readinessOf', () => {
  it('is ready when every check is', async () => {
    expect(await readinessOf([fine])).toEqual({ status: 'ready', problems: {}, checked: ['fine'] });
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
