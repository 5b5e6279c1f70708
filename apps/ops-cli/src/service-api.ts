import createClient, { type Client } from 'openapi-fetch';
import { z } from 'zod';
import { exitCodes } from './exit-codes';
import { OpsError } from './ops-error';

const TIMEOUT_MS = 15_000;

/** RFC 9457 as our services write it; every field may be missing, because a proxy in between may have answered. */
const problemSchema = z.looseObject({
  title: z.string().optional(),
  detail: z.string().optional(),
  code: z.string().optional(),
  remedy: z.string().nullish(),
  requestId: z.string().nullish(),
  errors: z.array(z.looseObject({ path: z.string(), detail: z.string() })).optional(),
});

/** What openapi-fetch answers, as far as it is looked at here. */
interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** For one call that may take the service longer than usual. */
export function patient(extraMs: number): (request: Request) => Promise<Response> {
  return (request) => fetch(request, { signal: AbortSignal.timeout(TIMEOUT_MS + extraMs) });
}

/** One service's HTTP API, typed by its OpenAPI document. Errors are told in the operator's words. */
export class ServiceApi<Paths extends object> {
  private readonly client: Client<Paths, 'application/json'>;

  constructor(
    private readonly service: string,
    private readonly baseUrl: string,
    token: string,
  ) {
    this.client = createClient<Paths, 'application/json'>({
      baseUrl: baseUrl.replace(/\/+$/, ''),
      // Between two calls an operator may think for as long as a service keeps a connection: none is used twice.
      headers: { accept: 'application/json', authorization: `Bearer ${token}`, connection: 'close' },
      // A redirect would carry the token to another place.
      redirect: 'error',
      fetch: patient(0),
    });
  }

  async call<T>(send: (client: Client<Paths, 'application/json'>) => Promise<Answer<T>>): Promise<T> {
    const { data, error, response } = await send(this.client).catch((failure: unknown) => {
      throw this.noAnswer(failure);
    });
    if (data !== undefined) return data;
    throw this.refusal(response.status, error);
  }

  private noAnswer(error: unknown): OpsError {
    const name = error instanceof Error ? error.name : '';
    if (name === 'SyntaxError') return this.unreadable(error);
    const timedOut = name === 'TimeoutError';
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const word = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(cause);
    return new OpsError({
      code: timedOut ? 'timeout' : 'unreachable',
      what: `${this.service} does not answer.`,
      why: timedOut ? `Nothing came from ${this.baseUrl} in time.` : `${this.baseUrl} cannot be reached: ${word}.`,
      remedy: `See whether ${this.service} runs (ops stack start ${this.service} for the embedded stack), then try again.`,
      retryable: true,
      cause: error,
    });
  }

  private unreadable(cause: unknown): OpsError {
    return new OpsError({
      code: 'unreadable_answer',
      what: `${this.service} answered something else than JSON.`,
      why: `What listens at ${this.baseUrl} may be another service, or a proxy before it.`,
      remedy: `See whether this is the address of ${this.service}.`,
      cause,
    });
  }

  private refusal(status: number, body: unknown): OpsError {
    const parsed = problemSchema.safeParse(body);
    const problem = parsed.success ? parsed.data : {};
    return new OpsError({
      code: problem.code ?? `http_${status}`,
      what: `${this.service} refused: ${problem.title ?? `status ${status}`}.`,
      why: problem.detail ?? `The answer has status ${status} and no explanation.`,
      remedy: problem.remedy ?? null,
      findings: (problem.errors ?? []).map(({ path, detail }) => (path === '' ? detail : `${path}: ${detail}`)),
      requestId: problem.requestId ?? null,
      // What the service calls bad input was typed: a malformed id is no better than a malformed status.
      exitCode: status === 400 ? exitCodes.usage : exitCodes.failed,
      retryable: status >= 500,
    });
  }
}
