import { Injectable, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { problem, type ProblemIssue } from '../problem';

const invalidRequest = 'invalid_request';

/**
 * Parses a body, query or parameter, or answers 400 with every error in it. A schema gives an error its own code by
 * `params: { code: 'consent_required', remedy: '…' }` on a refinement; unknown fields of strict objects become `not_supported`.
 */
@Injectable()
export class ZodPipe<S extends z.ZodType> implements PipeTransform<unknown, z.infer<S>> {
  constructor(readonly schema: S) {}

  transform(value: unknown): z.infer<S> {
    const parsed = this.schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const errors = parsed.error.issues.flatMap((issue) => toIssues(issue, value));
    const [first] = errors;
    const oneCode = first !== undefined && errors.every(({ code }) => code === first.code) && !genericCodes.has(first.code);
    const remedy = parsed.error.issues.map((issue) => paramOf(issue, 'remedy')).find((text) => text !== undefined);
    throw problem(400, oneCode ? first.code : invalidRequest, detailOf(errors), {
      errors,
      remedy: remedy ?? 'Correct what errors names; the fields are described at /docs.',
    });
  }
}

const genericCodes = new Set([
  'required',
  'wrong_type',
  'invalid_value',
  'invalid_format',
  'too_small',
  'too_big',
  'invalid',
  'custom',
]);

function toIssues(issue: z.core.$ZodIssue, input: unknown): ProblemIssue[] {
  const path = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pathOf([...issue.path, key]),
      code: 'not_supported',
      detail: 'This field is not supported.',
    }));
  }
  // zod says what was expected and the type that came, never the value.
  return [{ path, code: codeOf(issue, input), detail: issue.message }];
}

function codeOf(issue: z.core.$ZodIssue, input: unknown): string {
  if (issue.code === 'custom') return paramOf(issue, 'code') ?? 'invalid';
  const given = issue.path.reduce<unknown>(valueAt, input);
  if (given === undefined) return 'required';
  if (issue.code === 'invalid_type') return 'wrong_type';
  // A word that is none of the known ones may become one later; until then it is refused by that name.
  if (issue.code === 'invalid_value') return typeof given === 'string' ? 'not_supported' : 'invalid_value';
  return ['invalid_format', 'too_small', 'too_big'].includes(issue.code) ? issue.code : 'invalid';
}

function valueAt(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
}

function paramOf(issue: z.core.$ZodIssue, name: 'code' | 'remedy'): string | undefined {
  const value: unknown = issue.code === 'custom' ? issue.params?.[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** What a field may be called that is named back to its sender; anything else may be a value in the wrong place. */
const nameable = /^[A-Za-z_][\w -]{0,99}$/;

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = nameable.test(String(key)) ? String(key) : '(unknown)';
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

function detailOf(errors: ProblemIssue[]): string {
  const named = [...new Set(errors.map(({ path }) => path).filter((path) => path !== ''))].slice(0, 10);
  return named.length === 0 ? 'The request body is missing or not an object.' : `Not accepted: ${named.join(', ')}.`;
}
