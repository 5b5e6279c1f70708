import { AppError } from '@courier/kernel';
import { type AnsweredRequest, type KeyedRequest, type Once, RequestKeys } from '@courier/persistence';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { AuthenticatedRequest } from '../auth/roles';
import { problem } from '../problem';
import { Fingerprints, isSameBody, requestId } from './fingerprints';
import type { RepeatableRequest } from './write-request';

type KeyedHttpRequest = Request & AuthenticatedRequest & RepeatableRequest;

const acceptable = /^[\x21-\x7e]{1,255}$/;

/**
 * Idempotency-Key on POST, optional. The key is written in the transaction of the effect, so a request that failed before has left
 * neither and may be repeated; one that failed afterwards is answered from what it made. The answer is never kept: a repeated request
 * is shown the same resource again, with the status of the first answer.
 */
@Injectable()
export class IdempotencyKeys implements NestInterceptor {
  constructor(
    private readonly keys: RequestKeys,
    private readonly fingerprints: Fingerprints,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.getType() === 'http' ? context.switchToHttp() : null;
    const request = http?.getRequest<KeyedHttpRequest>();
    if (http === null || request?.method !== 'POST' || request.headers['idempotency-key'] === undefined) return next.handle();
    return from(this.handle(request, http.getResponse<Response>(), next));
  }

  private async handle(request: KeyedHttpRequest, response: Response, next: CallHandler): Promise<unknown> {
    const keyed = this.keyedRequest(request);
    const earlier = await this.find(keyed);
    if (earlier !== null) return this.repeat(request, response, { earlier, next });
    const once = new FirstTime(this.keys, keyed);
    request.effectOnce = once;
    const answer = await lastValueFrom(next.handle()).catch(async (error: unknown) => {
      // Another request with this key may have been quicker, or ours may have failed after its effect.
      const quicker = await this.find(keyed);
      if (quicker === null) throw error;
      return this.repeat(request, response, { earlier: quicker, next });
    });
    if (request.writes === true && request.effectOnce === once && !once.recorded) {
      throw new AppError('idempotency_key_not_recorded', 'A route had its effect without recording its Idempotency-Key.');
    }
    await this.keys.keepStatus(keyed.id, response.statusCode);
    return answer;
  }

  private async repeat(
    request: KeyedHttpRequest,
    response: Response,
    { earlier, next }: { earlier: AnsweredRequest; next: CallHandler },
  ): Promise<unknown> {
    request.effectOnce = { earlier: earlier.reference, record: () => Promise.resolve() };
    const answer: unknown = await lastValueFrom(next.handle());
    if (earlier.status !== null) response.status(earlier.status);
    return answer;
  }

  private async find(keyed: KeyedRequest): Promise<AnsweredRequest | null> {
    const found = await this.keys.find(keyed.id);
    if (found === null) return null;
    // Without a secret in common nobody can tell what the body was; doing it again would be the worse mistake.
    if (isSameBody(found.fingerprints, keyed.fingerprints) === true) return found;
    throw problem(422, 'idempotency_key_reused', 'This Idempotency-Key came with another body before.', {
      remedy: 'Send a new key with a new request, and the same body with the same key.',
      errors: [{ path: 'Idempotency-Key', code: 'idempotency_key_reused', detail: 'Used with another body before.' }],
    });
  }

  private keyedRequest({ headers, user, body, route, params, method }: KeyedHttpRequest): KeyedRequest {
    const key = headers['idempotency-key'];
    if (typeof key !== 'string' || !acceptable.test(key)) {
      throw problem(400, 'invalid_idempotency_key', 'The Idempotency-Key is not 1 to 255 printable characters.', {
        remedy: 'Send a UUID, for example.',
        errors: [{ path: 'Idempotency-Key', code: 'invalid_idempotency_key', detail: 'Not 1 to 255 printable characters.' }],
      });
    }
    const { path } = route as { path: string };
    const where = Object.entries(params).map(([name, value]) => `${name}=${String(value).toLowerCase()}`);
    return {
      id: requestId([user?.sub ?? '', `${method} ${path}`, ...where, key]),
      fingerprints: this.fingerprints.of(body),
    };
  }
}

class FirstTime implements Once {
  readonly earlier = null;
  recorded = false;

  constructor(
    private readonly keys: RequestKeys,
    private readonly request: KeyedRequest,
  ) {}

  async record(...[manager, reference]: Parameters<Once['record']>): Promise<void> {
    if (!(await this.keys.insert(manager, this.request, reference))) {
      throw new AppError('request_repeated', 'Another request with this Idempotency-Key was quicker.', { retryable: true });
    }
    this.recorded = true;
  }
}
