import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import type { Fault } from '../../domain/faults';
import { operations, PROFILE_COUNT_BUCKET, type OperationName } from '../../domain/operations';
import {
  authenticationFailed,
  invalidParameter,
  missingScopes,
  notAuthenticated,
  Refusal,
  refuseWith,
  throttled,
} from '../../domain/refusal';
import { maskedQuery } from '../../domain/request-log';
import { World } from '../../domain/world';
import { Exchange, keepExchange, OPERATION } from './exchange';

const challengePage =
  '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>';

/** What every call passes before its handler, in this order: faults of the network, key, revision, limits, scopes, other faults. */
@Injectable()
export class Gate implements CanActivate {
  constructor(
    private readonly world: World,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const operation = this.reflector.get<OperationName | undefined>(OPERATION, context.getHandler()) ?? null;
    const http = context.switchToHttp();
    const exchange = new Exchange(operation, http.getRequest<Request>(), http.getResponse<Response>());
    keepExchange(exchange);
    exchange.response.once('close', () => this.log(exchange));
    if (operation === null) return true;

    const known = this.world.findKey(keyOf(exchange.request) ?? '');
    exchange.account = known?.account ?? null;
    exchange.fault = this.world.faults.take('network', operation, exchange.account?.id ?? null);
    if (exchange.fault && !(await this.passNetworkFault(exchange, exchange.fault))) return false;
    if (keyOf(exchange.request) === null) throw notAuthenticated();
    if (!known) throw authenticationFailed(this.world.knobs.invalidKeyStatus);
    this.checkRevision(exchange.request);
    this.admit(exchange, operation);
    const missing = operations[operation].scopes.filter((scope) => !known.scopes.has(scope));
    if (missing.length > 0) throw missingScopes(missing);
    const fault = this.world.faults.take('service', operation, known.account.id);
    if (fault) this.strike(exchange, fault);
    this.checkQuery(exchange, operation);
    return true;
  }

  /** False when the call is over. */
  private async passNetworkFault(exchange: Exchange, fault: Fault): Promise<boolean> {
    switch (fault.kind) {
      case 'delay':
        await delay(fault.delayMs ?? 1000);
        return !exchange.response.destroyed;
      case 'hang':
        await this.hang(exchange);
        return false;
      case 'reset':
        exchange.reset();
        return false;
      case 'html_challenge_403':
        throw new Refusal(403, [], { 'cf-mitigated': 'challenge' }, fault.body ?? challengePage);
      case 'status':
      case 'empty_200':
      case 'lost_answer':
        return true;
    }
  }

  private async hang({ operation, account, response }: Exchange): Promise<void> {
    const { hanging } = this.world.requests;
    const request = { operation, account: account?.id ?? null };
    hanging.add(request);
    await new Promise<void>((resolve) => response.once('close', resolve));
    hanging.delete(request);
  }

  private strike(exchange: Exchange, fault: Fault): void {
    exchange.fault = fault;
    if (fault.kind === 'empty_200') throw new Refusal(200, [], {}, fault.body ?? '');
    if (fault.kind !== 'status') return;
    const status = fault.status ?? 500;
    const headers: Record<string, string> = fault.retryAfter === undefined ? {} : { 'Retry-After': String(fault.retryAfter) };
    if (status === 429) dropLimitHeaders(exchange.response);
    if (fault.body !== undefined) throw new Refusal(status, [], headers, fault.body);
    throw status === 429 ? throttled(fault.retryAfter ?? 1) : refuseWith(status, undefined, headers);
  }

  private checkRevision(request: Request): void {
    const revision = request.headers['revision'];
    if (revision === undefined || revision === '') {
      if (this.world.knobs.missingRevision === 'accept') return;
      throw refuseWith(400, 'A revision header is required.');
    }
    if (typeof revision !== 'string' || !/^\d{4}-\d{2}-\d{2}(\.[a-z0-9]+)?$/.test(revision)) {
      throw refuseWith(400, 'The revision header is not valid.');
    }
    const optedOut = request.headers['x-klaviyo-revision-fall-forward-opt-out'] === '1';
    if (optedOut && this.world.knobs.retiredRevisions.includes(revision)) throw refuseWith(410, 'This revision is retired.');
  }

  private admit(exchange: Exchange, operation: OperationName): void {
    const buckets: string[] = [operation];
    const counted = (exchange.query.get('additional-fields[list]') ?? '').split(',').includes('profile_count');
    if (operation === 'get_list' && counted) buckets.push(PROFILE_COUNT_BUCKET);
    const admission = this.world.windows.take(exchange.owner.id, buckets, Date.now());
    if (!admission.admitted) throw throttled(admission.retryAfterSeconds);
    const { burst, steady } = admission.tier;
    exchange.response.setHeader('RateLimit-Limit', `${burst}, ${burst};w=1, ${steady};w=60`);
    exchange.response.setHeader('RateLimit-Remaining', String(admission.remaining));
    // Both describe the one-second window, of which less than a whole second is always left.
    exchange.response.setHeader('RateLimit-Reset', '0');
  }

  private checkQuery(exchange: Exchange, operation: OperationName): void {
    const known: readonly string[] = operations[operation].query;
    for (const name of exchange.query.keys()) {
      if (!known.includes(name)) throw invalidParameter(`'${name}' is not a valid query parameter.`, name);
    }
  }

  private log(exchange: Exchange): void {
    const { request, response, operation, startedAt } = exchange;
    this.world.requests.add({
      at: new Date(startedAt).toISOString(),
      method: request.method,
      path: operation === null ? '(unknown)' : exchange.url.pathname,
      query: operation === null ? {} : maskedQuery(exchange.query),
      operation,
      account: exchange.account?.id ?? null,
      status: response.writableFinished ? response.statusCode : null,
      fault: exchange.fault?.kind ?? null,
      profiles: exchange.rows,
      jobId: exchange.jobId,
      tookMs: Date.now() - startedAt,
      traceHeaders: TRACE_HEADERS.filter((name) => name in request.headers),
    });
  }
}

const TRACE_HEADERS = ['traceparent', 'tracestate', 'baggage', 'b3', 'x-b3-traceid'];

function keyOf(request: Request): string | null {
  return /^Klaviyo-API-Key ([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

function dropLimitHeaders(response: Response): void {
  for (const name of ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset']) response.removeHeader(name);
}
