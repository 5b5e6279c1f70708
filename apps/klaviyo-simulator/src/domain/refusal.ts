/** One entry of Klaviyo's error envelope, without its id. */
export interface ApiError {
  code: string;
  title: string;
  detail: string;
  source: { pointer: string } | { parameter: string };
  /** `links` and `meta` are missing on the wire for some errors (not found). */
  bare?: boolean;
  links?: Record<string, string>;
}

/** How the simulated Klaviyo says no: thrown anywhere, turned into the envelope in one filter. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly errors: readonly ApiError[],
    readonly headers: Readonly<Record<string, string>> = {},
    /** Some answers come from the proxy in front of Klaviyo and are no JSON at all. */
    readonly html: string | null = null,
  ) {
    super(`refused with ${status}`);
  }
}

const data = { pointer: '/data/' };

export function invalidInput(detail: string, pointer: string): ApiError {
  return { code: 'invalid', title: 'Invalid input.', detail, source: { pointer } };
}

export function invalidParameter(detail: string, parameter: string): Refusal {
  return new Refusal(400, [{ code: 'invalid', title: 'Invalid input.', detail, source: { parameter } }]);
}

export function refuseInput(detail: string, pointer: string): Refusal {
  return new Refusal(400, [invalidInput(detail, pointer)]);
}

export function notAuthenticated(): Refusal {
  const detail = 'Missing or invalid authorization scheme. Please use Klaviyo-API-Key.';
  const title = 'Authentication credentials were not provided.';
  return new Refusal(401, [{ code: 'not_authenticated', title, detail, source: data }]);
}

export function authenticationFailed(status: number): Refusal {
  const title = 'Incorrect authentication credentials.';
  return new Refusal(status, [{ code: 'authentication_failed', title, detail: title, source: data }]);
}

export function missingScopes(scopes: readonly string[]): Refusal {
  const detail = `Your API key is missing required scopes: ${scopes.join(', ')}`;
  const title = 'You do not have permission to perform this action.';
  return new Refusal(403, [{ code: 'permission_denied', title, detail, source: data }]);
}

export function notFound(detail: string): Refusal {
  return new Refusal(404, [{ code: 'not_found', title: 'Not found.', detail, source: data, bare: true }]);
}

export function throttled(retryAfterSeconds: number): Refusal {
  const unit = retryAfterSeconds === 1 ? 'second' : 'seconds';
  const title = 'Request was throttled.';
  const detail = `${title} Expected available in ${retryAfterSeconds} ${unit}.`;
  const links = { type: 'https://developers.klaviyo.com/en/docs/rate_limits_and_error_handling#rate-limits' };
  return new Refusal(429, [{ code: 'throttled', title, detail, source: { pointer: '/data' }, links }], {
    'Retry-After': String(retryAfterSeconds),
  });
}

const generic: Readonly<Record<number, [code: string, title: string]>> = {
  400: ['invalid', 'Invalid input.'],
  401: ['authentication_failed', 'Incorrect authentication credentials.'],
  403: ['forbidden', 'Forbidden.'],
  404: ['not_found', 'Not found.'],
  405: ['method_not_allowed', 'Method not allowed.'],
  410: ['gone', 'Gone.'],
  413: ['payload_too_large', 'Payload too large.'],
  415: ['unsupported_media_type', 'Unsupported media type in request.'],
  500: ['error', 'A server error occurred.'],
  502: ['bad_gateway', 'Bad gateway.'],
  503: ['service_unavailable', 'Service unavailable.'],
};

/** An answer by status alone, for the cases whose real body nobody has recorded. */
export function refuseWith(status: number, detail?: string, headers: Record<string, string> = {}): Refusal {
  const [code, title] = generic[status] ?? ['error', 'Error.'];
  return new Refusal(status, [{ code, title, detail: detail ?? title, source: { pointer: '/data' } }], headers);
}
