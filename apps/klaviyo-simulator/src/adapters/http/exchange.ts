import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Account } from '../../domain/account';
import type { Fault } from '../../domain/faults';
import type { OperationName } from '../../domain/operations';

export const OPERATION = 'klaviyo-operation';

/** Names the Klaviyo operation that a handler simulates; the gate takes scopes, limits and query parameters from it. */
export const Simulates = (operation: OperationName) => SetMetadata(OPERATION, operation);

export interface Links {
  self: string;
  next?: string | null;
  prev?: string | null;
}

/** One call to the simulated API, from the gate to its answer. */
export class Exchange {
  account: Account | null = null;
  fault: Fault | null = null;
  rows: number | null = null;
  jobId: string | null = null;
  readonly startedAt = Date.now();
  readonly url: URL;

  constructor(
    readonly operation: OperationName | null,
    readonly request: Request,
    readonly response: Response,
  ) {
    const host = request.headers.host ?? 'localhost';
    const origin = /^[\w.:[\]-]+$/.test(host) ? `http://${host}` : 'http://localhost';
    this.url = new URL(request.originalUrl.startsWith('/') ? origin + request.originalUrl : origin);
  }

  get query(): URLSearchParams {
    return this.url.searchParams;
  }

  get self(): string {
    return this.url.href;
  }

  /** An absolute address below the API, in the form with a trailing slash that Klaviyo's own links have. */
  link(path: string): string {
    return `${this.url.origin}/api/${path}/`;
  }

  get owner(): Account {
    if (!this.account) throw new Error('the gate lets no call through without an account');
    return this.account;
  }

  answer(status: number, document: object): void {
    if (this.fault?.kind === 'lost_answer') return this.reset();
    // Bytes and not text: Express would add a charset that Klaviyo's media type does not carry.
    this.response.status(status).setHeader('Content-Type', 'application/vnd.api+json');
    this.response.send(Buffer.from(JSON.stringify(document)));
  }

  /** The connection ends without an answer; what was done stays done. */
  reset(): void {
    this.request.socket.resetAndDestroy();
  }
}

const exchanges = new WeakMap<Request, Exchange>();

export function keepExchange(exchange: Exchange): void {
  exchanges.set(exchange.request, exchange);
}

export function findExchange(request: Request): Exchange | null {
  return exchanges.get(request) ?? null;
}

export const CurrentExchange = createParamDecorator((_data: unknown, context: ExecutionContext): Exchange => {
  const exchange = findExchange(context.switchToHttp().getRequest<Request>());
  if (!exchange) throw new Error('no exchange: the route is outside the gate');
  return exchange;
});
