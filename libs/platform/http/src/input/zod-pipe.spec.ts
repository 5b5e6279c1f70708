import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ProblemError } from '../problem';
import { ZodPipe } from './zod-pipe';

const schema = z.strictObject({
  name: z.string().min(1).max(5),
  kind: z.enum(['a', 'b']),
  nested: z.strictObject({ items: z.array(z.int()) }).optional(),
  consent: z.unknown().refine((given) => given === true, {
    error: 'Consent is required.',
    params: { code: 'consent_required', remedy: 'Accept it.' },
  }),
});

function failure(value: unknown): ProblemError {
  try {
    new ZodPipe(schema).transform(value);
  } catch (error) {
    if (error instanceof ProblemError) return error;
  }
  throw new Error('the value was accepted');
}

describe('ZodPipe', () => {
  it('gives the parsed value', () => {
    expect(new ZodPipe(schema).transform({ name: 'x', kind: 'a', consent: true })).toEqual({
      name: 'x',
      kind: 'a',
      consent: true,
    });
  });

  it('answers 400 with every error by path and code, and never the value', () => {
    const error = failure({ name: 'jane@example.com', kind: 'jane', nested: { items: [1, 'jane'] }, consent: true });
    expect(error).toMatchObject({ status: 400, code: 'invalid_request', detail: 'Not accepted: name, kind, nested.items[1].' });
    expect(error.errors?.map(({ path, code }) => [path, code])).toEqual([
      ['name', 'too_big'],
      ['kind', 'not_supported'],
      ['nested.items[1]', 'wrong_type'],
    ]);
    expect(JSON.stringify(error.errors)).not.toContain('jane');
  });

  it('refuses fields it does not know by name', () => {
    const error = failure({ name: 'x', kind: 'a', consent: true, extra: 1, nested: { items: [], more: 1 } });
    expect(error.code).toBe('not_supported');
    expect(error.errors?.map(({ path }) => path)).toEqual(['nested.more', 'extra']);
  });

  it("takes over a refinement's own code and remedy", () => {
    expect(failure({ name: 'x', kind: 'a' })).toMatchObject({ code: 'consent_required', remedy: 'Accept it.' });
  });

  it('calls a field that is not there required', () => {
    expect(failure({ kind: 'a', consent: true }).errors).toEqual([expect.objectContaining({ path: 'name', code: 'required' })]);
    expect(failure(undefined).detail).toBe('The request body is missing or not an object.');
  });
});
