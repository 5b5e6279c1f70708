import { type Dispatcher, Pool } from 'undici';

export interface TransportOptions {
  /** Such as `https://a.klaviyo.com`; a path prefix is kept. */
  baseUrl: string;
  revision: string;
  /** Upper bound of a whole call, connecting and reading included. Leases count on it. */
  callTimeoutMs: number;
  connectionsMax: number;
}

export interface KlaviyoRequest {
  method: 'GET' | 'POST';
  /** Below the base address, each segment already encoded. */
  path: string;
  query?: Record<string, string>;
  apiKey: string;
  body?: Buffer;
}

export type RawAnswer =
  | { kind: 'response'; status: number; header(name: string): string | null; body: string }
  /** The request never left. */
  | { kind: 'not_sent'; reason: string }
  /** It may have arrived. */
  | { kind: 'no_answer'; reason: string };

const CONNECT_TIMEOUT_MS = 5_000;
const RESPONSE_BYTES_MAX = 16 * 1024 * 1024;
/** Whatever a server promises: on a busy machine a connection that it closes meanwhile is noticed too late. */
const KEEP_ALIVE_MS = 4_000;

/**
 * One keep-alive pool to Klaviyo. undici and not fetch or the SDK: own time-outs, no redirects, no retries, and no instrumentation that
 * would put look-up addresses into spans or trace headers into requests. Errors carry codes only, never a URL.
 */
export class KlaviyoTransport {
  private readonly pool: Pool;
  private readonly base: URL;
  private readonly prefix: string;

  constructor(private readonly options: TransportOptions) {
    this.base = new URL(options.baseUrl);
    this.prefix = this.base.pathname.replace(/\/+$/, '');
    this.pool = new Pool(this.base.origin, {
      connections: options.connectionsMax,
      pipelining: 1,
      connect: { timeout: Math.min(CONNECT_TIMEOUT_MS, options.callTimeoutMs) },
      headersTimeout: options.callTimeoutMs,
      bodyTimeout: options.callTimeoutMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      maxResponseSize: RESPONSE_BYTES_MAX,
    });
  }

  /** Where a request goes, for telemetry: its query holds what is looked up and is left out. */
  addressOf({ path }: KlaviyoRequest): { host: string; port: number; url: string } {
    const { origin, hostname, port, protocol } = this.base;
    return { host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80), url: origin + this.prefix + path };
  }

  async send(request: KlaviyoRequest): Promise<RawAnswer> {
    let begun = false;
    const pool = this.pool.compose(noticing(() => (begun = true)));
    try {
      const response = await pool.request({
        method: request.method,
        path: this.prefix + request.path + queryString(request.query),
        headers: this.headers(request),
        body: request.body ?? null,
        signal: AbortSignal.timeout(this.options.callTimeoutMs),
      });
      const body = await response.body.text();
      const header = (name: string) => single(response.headers[name]);
      return { kind: 'response', status: response.statusCode, header, body };
    } catch (error) {
      return { kind: begun ? 'no_answer' : 'not_sent', reason: errorCode(error) };
    }
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private headers(request: KlaviyoRequest): Record<string, string> {
    const headers: Record<string, string> = {
      authorization: `Klaviyo-API-Key ${request.apiKey}`,
      revision: this.options.revision,
      // A retired revision must say so instead of silently becoming the next oldest one.
      'x-klaviyo-revision-fall-forward-opt-out': '1',
      accept: 'application/vnd.api+json',
      'user-agent': 'segment-courier',
    };
    if (request.body !== undefined) headers['content-type'] = 'application/vnd.api+json';
    return headers;
  }
}

/** Tells when a request gets its connection: until then not a byte of it has left, whatever the error is. */
function noticing(begin: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart: (...args) => {
        begin();
        handler.onRequestStart?.(...args);
      },
      onResponseStart: (...args) => handler.onResponseStart?.(...args),
      onResponseData: (...args) => handler.onResponseData?.(...args),
      onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
      onResponseError: (...args) => handler.onResponseError?.(...args),
    });
}

function queryString(query: Record<string, string> | undefined): string {
  // URLSearchParams writes a space as `+`, which is right here, and encodes the `+` of addresses.
  return query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
}

function single(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'connection_failed';
  const { code, name } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError' || name === 'AbortError') return 'timed_out';
  return typeof code === 'string' && /^[A-Z_0-9]+$/.test(code) ? code : 'connection_failed';
}
