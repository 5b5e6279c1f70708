import { problem } from '../problem';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';

const WAIT_MAX_SECONDS = 30;

/** How long the caller is ready to wait for the end of a check, which the answer confirms. */
export const PreferredWaitMs = createParamDecorator((_data: unknown, context: ExecutionContext): number => {
  const http = context.switchToHttp();
  const waitMs = preferredWaitMs(http.getRequest<Request>().get('prefer'));
  if (waitMs > 0) http.getResponse<Response>().setHeader('Preference-Applied', `wait=${waitMs / 1_000}`);
  return waitMs;
});

/**
 * `Prefer: wait=N` (RFC 7240) in milliseconds, 0 without it. More than 30 seconds becomes 30, because connections that hang longer
 * are cut by proxies; other preferences are hints that a server may leave unheeded.
 */
export function preferredWaitMs(header: string | undefined): number {
  const wait = (header ?? '')
    .split(/[,;]/)
    .map((preference) => preference.trim())
    .find((preference) => /^wait\b/i.test(preference));
  if (wait === undefined) return 0;
  const seconds = /^wait\s*=\s*"?(\d{1,6})"?$/i.exec(wait)?.[1];
  if (seconds !== undefined) return Math.min(Number(seconds), WAIT_MAX_SECONDS) * 1_000;
  throw problem(400, 'invalid_preference', 'Prefer: wait is not a number of seconds.', {
    remedy: 'Send Prefer: wait=10, or leave it out.',
    errors: [{ path: 'Prefer', code: 'invalid_preference', detail: 'Not a number of seconds.' }],
  });
}
