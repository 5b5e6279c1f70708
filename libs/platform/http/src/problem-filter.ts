import { AppError } from '@courier/kernel';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Response } from 'express';
import { problem, ProblemError } from './problem';
import { requestIdOf, type IdentifiedRequest } from './request-id';

/** The one place where a failure becomes an HTTP status. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    const requestId = requestIdOf(http.getRequest<IdentifiedRequest>());
    const answer = toProblem(error);
    if (answer.status >= 500) this.logger.error('A request failed', { code: answer.code, status: answer.status, err: error });
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response.status(answer.status).set(answer.headers).type('application/problem+json');
    response.send(JSON.stringify(problemBody(answer, requestId)));
  }
}

function problemBody({ status, code, detail, remedy, errors }: ProblemError, requestId: string) {
  return {
    type: `urn:segment-courier:problem:${code}`,
    title: titleOf(code),
    status,
    detail,
    code,
    remedy,
    requestId,
    ...(errors === undefined ? {} : { errors }),
  };
}

function titleOf(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof AppError) {
    return error.retryable
      ? problem(503, error.code, error.message, { remedy: 'Try again in a moment.', headers: { 'Retry-After': '5' } })
      : problem(500, error.code, error.message);
  }
  const status = statusOf(error);
  if (status !== null && status >= 400 && status < 500) return clientProblem(status);
  return problem(500, 'internal_error', 'Something went wrong here.', 'Report the requestId; the log says more.');
}

/** Nest's own exceptions and those of the body parser, which carry a status and texts that quote the input. */
function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof SyntaxError || error instanceof URIError) return 400;
  return error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : null;
}

function clientProblem(status: number): ProblemError {
  switch (status) {
    case 400:
      return problem(400, 'malformed_request', 'The request is not well-formed.', 'Send valid JSON and a valid URL.');
    case 403:
      return problem(403, 'forbidden', 'You may not do this.');
    case 404:
      return problem(404, 'route_not_found', 'There is no such route.', 'The routes are listed at /docs.');
    case 413:
      // The rest of the body is not read, so the next request must not come behind it on the same connection.
      return problem(413, 'body_too_large', 'The body is too large.', {
        remedy: 'Send at most 256 kB.',
        headers: { Connection: 'close' },
      });
    case 415:
      return unsupportedMediaType();
    default:
      return problem(status, 'request_refused', 'The request was refused.');
  }
}

export function unsupportedMediaType(): ProblemError {
  return problem(415, 'unsupported_media_type', 'The body is not JSON.', 'Send Content-Type: application/json in UTF-8.');
}
