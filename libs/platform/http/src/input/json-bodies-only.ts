import type { IncomingMessage, ServerResponse } from 'node:http';
import { unsupportedMediaType } from '../problem-filter';

/** The body parser would ignore other media types, and the caller would read that every field is missing. */
export function jsonBodiesOnly(request: IncomingMessage, _response: ServerResponse, next: (error?: unknown) => void): void {
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  const isJson = /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(request.headers['content-type'] ?? '');
  next(hasBody && !isJson ? unsupportedMediaType() : undefined);
}
