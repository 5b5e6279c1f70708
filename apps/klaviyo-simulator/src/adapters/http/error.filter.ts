import { randomUUID } from 'node:crypto';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { refuseWith, Refusal, type ApiError } from '../../domain/refusal';
import { findExchange } from './exchange';
import { ControlError } from './control/control-error';

/** The one place where a refusal becomes bytes: Klaviyo's envelope, a page of its proxy, or the control plane's own error. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(ErrorFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    if (response.headersSent || response.destroyed) return;
    const exchange = findExchange(http.getRequest<Request>());
    if (exchange?.fault?.kind === 'lost_answer') {
      exchange.reset();
      return;
    }
    if (error instanceof ControlError) {
      response.status(error.status).json(error.body());
      return;
    }
    const refusal = error instanceof Refusal ? error : this.asRefusal(error);
    for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value);
    response.status(refusal.status);
    if (refusal.html !== null) {
      response.setHeader('Content-Type', refusal.html.startsWith('<') ? 'text/html; charset=UTF-8' : 'application/vnd.api+json');
      response.send(Buffer.from(refusal.html));
      return;
    }
    response.setHeader('Content-Type', 'application/vnd.api+json');
    response.send(Buffer.from(JSON.stringify({ errors: refusal.errors.map((entry) => envelope(refusal.status, entry)) })));
  }

  private asRefusal(error: unknown): Refusal {
    if (error instanceof HttpException) return refuseWith(error.getStatus());
    // Only the kind of error: its message may quote a profile.
    this.logger.error(`unexpected ${error instanceof Error ? `${error.name} ${placeOf(error)}` : typeof error}`);
    return refuseWith(500);
  }
}

function placeOf(error: Error): string {
  return (
    (error.stack ?? '')
      .split('\n')
      .find((line) => /^\s+at /.test(line))
      ?.trim() ?? ''
  );
}

function envelope(status: number, { bare, links, ...error }: ApiError): object {
  const entry = { id: randomUUID(), status, ...error };
  return bare ? entry : { ...entry, links: links ?? {}, meta: {} };
}
