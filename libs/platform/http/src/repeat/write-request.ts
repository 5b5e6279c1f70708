import type { Once } from '@courier/persistence';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { problem, type ProblemError } from '../problem';
import { userOf, type Actor, type AuthenticatedRequest } from '../auth/roles';

/** What every request that changes something says beside its body. */
export interface WriteRequest {
  user: Actor;
  /** Hand it to the use case; when `earlier` is not null, answer with that instead. */
  once: Once;
  /** Whether If-Match allows a change of this version; always, without the header. */
  matches: (version: number) => boolean;
  /** The caller's own credentials, for a question to another service in their name. */
  authorization: string;
}

export interface RepeatableRequest {
  effectOnce?: Once;
  /** The route changes something: one that does not, such as a plan, records no key. */
  writes?: boolean;
  ip?: string | undefined;
}

/** For a request without an Idempotency-Key: each one has its effect. */
const everyTime: Once = { earlier: null, record: () => Promise.resolve() };

export const Write = createParamDecorator((_data: unknown, context: ExecutionContext): WriteRequest => {
  const request = context.switchToHttp().getRequest<AuthenticatedRequest & RepeatableRequest>();
  const { headers } = request;
  request.writes = true;
  return {
    user: { ...userOf(request), address: request.ip ?? null },
    once: request.effectOnce ?? everyTime,
    matches: versionsIn(headers['if-match']),
    authorization: String(headers.authorization),
  };
});

/** If-Match named another version than the present one. */
export function versionDiffers(): ProblemError {
  return problem(
    412,
    'version_differs',
    'It was changed since you read it.',
    'Read it again, and send If-Match with its new ETag.',
  );
}

/** An entity tag is the version of what it stands for. Weak tags and foreign ones equal none of ours. */
export function entityTag(version: number): string {
  return `"${version}"`;
}

function versionsIn(header: string | string[] | undefined): (version: number) => boolean {
  if (header === undefined) return () => true;
  const tags = String(header)
    .split(',')
    .map((tag) => tag.trim());
  return (version) => tags.includes('*') || tags.includes(entityTag(version));
}
