import { context } from '@opentelemetry/api';
import { getRPCMetadata, RPCType } from '@opentelemetry/core';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { routeOf } from './request-logging';

/**
 * Middleware that tells the HTTP instrumentation which route answered, for its spans and durations: it patches Node's server and knows
 * nothing of Express. A path that no route matched gets none, so nobody can make up label values.
 */
export function nameRoute(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  const metadata = getRPCMetadata(context.active());
  if (metadata?.type === RPCType.HTTP) {
    // The instrumentation reads it on `close`, which comes later.
    const name = (): void => {
      metadata.route = routeOf(request) ?? undefined;
    };
    response.once('finish', name);
  }
  next();
}
