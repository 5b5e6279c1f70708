import { newId } from '@courier/kernel';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface IdentifiedRequest extends IncomingMessage {
  /** Also what pino-http binds to every log line of the request. */
  id: string | number | object;
}

const acceptable = /^[\w.-]{8,64}$/;

/** Runs before anything can fail, so that even a body that is not JSON gets an answer with an id. A caller may bring its own. */
export function assignRequestId(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && acceptable.test(given) ? given : newId();
  (request as IdentifiedRequest).id = id;
  response.setHeader('X-Request-Id', id);
  next();
}

export function requestIdOf(request: IdentifiedRequest): string {
  return typeof request.id === 'string' ? request.id : newId();
}
