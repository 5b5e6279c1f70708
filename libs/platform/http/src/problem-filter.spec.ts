import { AppError } from '@courier/kernel';
import { BadRequestException, NotFoundException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { problem } from './problem';
import { toProblem } from './problem-filter';

describe('toProblem', () => {
  it('leaves a problem as it is', () => {
    const given = problem(409, 'no_snapshot', 'Nothing to run.', 'Wait for a refresh.');
    expect(toProblem(given)).toBe(given);
  });

  it('answers 503 for an operating failure that may pass, 500 for one that will not', () => {
    const retryable = toProblem(new AppError('busy', 'The database is busy.', { retryable: true }));
    expect(retryable).toMatchObject({ status: 503, code: 'busy', headers: { 'Retry-After': '5' } });
    expect(toProblem(new AppError('broken', 'Broken.'))).toMatchObject({ status: 500, code: 'broken' });
  });

  it('never repeats the text of a foreign error', () => {
    const leaking = [
      new Error('row of jane'),
      new BadRequestException('Unexpected token j, "jane" is not JSON'),
      new NotFoundException('Cannot GET /people/jane'),
      Object.assign(new Error('jane'), { status: 413 }),
      'jane',
    ].map(toProblem);
    expect(leaking.map(({ status }) => status)).toEqual([500, 400, 404, 413, 500]);
    expect(JSON.stringify(leaking.map(({ detail, code, remedy }) => [detail, code, remedy]))).not.toContain('jane');
  });
});
