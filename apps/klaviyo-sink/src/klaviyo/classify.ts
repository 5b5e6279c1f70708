import type { z } from 'zod';
import type { Answer, CredentialProblem, InvalidEntry } from './answer';
import type { RawAnswer } from './transport';
import { errorEnvelope } from './wire';

type Response = Extract<RawAnswer, { kind: 'response' }>;
type ErrorEntry = z.infer<typeof errorEnvelope>['errors'][number];

const RETRY_AFTER_DEFAULT_MS = 1_000;
const RETRY_AFTER_MAX_MS = 600_000;
const AUTHENTICATION_CODES = new Set(['not_authenticated', 'authentication_failed']);

/**
 * Turns whatever came back into one of a few kinds. A status alone proves nothing: in front of Klaviyo stands a CDN that answers 400, 403,
 * 404 and 5xx in HTML, so a refusal counts only when Klaviyo's own error list carries it.
 * @param schema of a 2xx body; null where the body does not matter
 */
export function classify<S extends z.ZodType>(raw: RawAnswer, schema: S): Answer<z.output<S>> {
  if (raw.kind === 'not_sent') return { kind: 'unavailable', reason: raw.reason };
  if (raw.kind === 'no_answer') return { kind: 'unknown', reason: raw.reason };
  if (raw.status >= 200 && raw.status < 300) {
    const parsed = schema.safeParse(parseJson(raw.body));
    return parsed.success ? { kind: 'ok', value: parsed.data } : { kind: 'unknown', reason: `unreadable_${raw.status}` };
  }
  return classifyFailure(raw);
}

function classifyFailure(raw: Response): Answer<never> {
  const entries = errorEntries(raw);
  switch (raw.status) {
    case 429:
      return { kind: 'throttled', retryAfterMs: retryAfterMs(raw.header('retry-after')) };
    case 401:
      return entries === null ? unavailable(raw) : { kind: 'refused', problem: { code: 'invalid_api_key' } };
    case 403:
      return forbidden(raw, entries);
    case 404:
      return entries === null ? unavailable(raw) : { kind: 'not_found' };
    case 410:
      return { kind: 'refused', problem: { code: 'revision_retired' } };
    case 413:
      return { kind: 'invalid', entries: entries?.map(toInvalid) ?? [tooLarge] };
    case 400:
    case 409:
    case 415:
    case 422:
      return badRequest(raw, entries);
    // A gateway gave up waiting; Klaviyo itself may well have finished.
    case 502:
    case 504:
    case 520:
    case 524:
      return { kind: 'unknown', reason: `status_${raw.status}` };
    default:
      return unavailable(raw);
  }
}

function badRequest(raw: Response, entries: ErrorEntry[] | null): Answer<never> {
  if (entries === null) return unavailable(raw);
  // The guide says 400 for a bad key, practice says 401.
  if (entries.some(({ code }) => AUTHENTICATION_CODES.has(code)))
    return { kind: 'refused', problem: { code: 'invalid_api_key' } };
  return { kind: 'invalid', entries: entries.map(toInvalid) };
}

function forbidden(raw: Response, entries: ErrorEntry[] | null): Answer<never> {
  if (raw.header('cf-mitigated') !== null || entries === null)
    return { kind: 'refused', problem: { code: 'firewall_challenge' } };
  return { kind: 'refused', problem: forbiddenProblem(entries) };
}

function forbiddenProblem(entries: readonly ErrorEntry[]): CredentialProblem {
  const details = entries.map(({ detail }) => detail).join(' ');
  const scopes = details.match(/\b[a-z][a-z-]*:(?:read|write)\b/g) ?? [];
  if (scopes.length > 0) return { code: 'missing_scope', scopes: [...new Set(scopes)] };
  return entries.some(({ code }) => code === 'permission_denied')
    ? { code: 'missing_scope', scopes: [] }
    : { code: 'plan_forbidden' };
}

const tooLarge: InvalidEntry = { pointer: null, code: 'payload_too_large', detail: 'The request is larger than Klaviyo takes.' };

function toInvalid({ code, detail, source }: ErrorEntry): InvalidEntry {
  return { pointer: source?.pointer ?? null, code, detail };
}

function unavailable(raw: Response): Answer<never> {
  return { kind: 'unavailable', reason: `status_${raw.status}` };
}

function errorEntries(raw: Response): ErrorEntry[] | null {
  if (!(raw.header('content-type') ?? '').includes('json')) return null;
  const parsed = errorEnvelope.safeParse(parseJson(raw.body));
  return parsed.success ? parsed.data.errors : null;
}

export function retryAfterMs(header: string | null, nowMs = Date.now()): number {
  if (header === null) return RETRY_AFTER_DEFAULT_MS;
  const seconds = Number(header);
  const waitMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - nowMs;
  return Number.isFinite(waitMs)
    ? Math.min(RETRY_AFTER_MAX_MS, Math.max(RETRY_AFTER_DEFAULT_MS, waitMs))
    : RETRY_AFTER_DEFAULT_MS;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
