import { newId } from '@courier/kernel';
import type { Options } from 'pino-http';
import type { IncomingMessage, ServerResponse } from 'node:http';

const quietPaths = /^\/(health\/|metrics$)/;

/** One line per request with its route pattern, never its URL: queries hold what people search for. */
export const requestLogging: Options = {
  genReqId: (request) => requestIdOf(request) ?? newId(),
  quietReqLogger: true,
  quietResLogger: true,
  customAttributeKeys: { reqId: 'requestId', responseTime: 'durationMs' },
  autoLogging: { ignore: (request) => quietPaths.test(request.url ?? '') },
  customLogLevel: (_request, response, error) => (error !== undefined || response.statusCode >= 500 ? 'error' : 'info'),
  customSuccessMessage: () => 'Request answered',
  customErrorMessage: () => 'Request failed',
  customSuccessObject: requestFields,
  customErrorObject: (request, response, _error, value: object) => requestFields(request, response, value),
};

function requestFields(request: IncomingMessage, response: ServerResponse, value: object): object {
  return { ...value, method: request.method, route: routeOf(request) ?? 'unknown', status: response.statusCode };
}

/** Express leaves the pattern that matched on the request; a request that matched none has that of this logger's own middleware. */
export function routeOf(request: IncomingMessage): string | null {
  const route: unknown = 'route' in request ? request.route : undefined;
  if (typeof route !== 'object' || route === null || !('path' in route)) return null;
  return typeof route.path === 'string' && route.path.startsWith('/') ? route.path : null;
}

/** The http lib gives each request its id before anything can fail; it must be the same one in the log. */
function requestIdOf(request: IncomingMessage): string | undefined {
  return typeof request.id === 'string' ? request.id : undefined;
}
