/** Why Klaviyo turns a credential away. Each needs a person. */
export type CredentialProblem =
  | { code: 'invalid_api_key' }
  /** `scopes` is empty when Klaviyo did not name them. */
  | { code: 'missing_scope'; scopes: string[] }
  | { code: 'plan_forbidden' }
  | { code: 'firewall_challenge' }
  | { code: 'revision_retired' };

/** One entry of a 4xx answer's error list. `detail` may quote a profile: it goes to staged results only. */
export interface InvalidEntry {
  pointer: string | null;
  code: string;
  detail: string;
}

/** Everything that can become of one call to Klaviyo. */
export type Answer<T> =
  | { kind: 'ok'; value: T }
  | { kind: 'throttled'; retryAfterMs: number }
  | { kind: 'refused'; problem: CredentialProblem }
  /** Klaviyo read the request and did nothing. */
  | { kind: 'invalid'; entries: InvalidEntry[] }
  | { kind: 'not_found' }
  /** It did not happen, and may work later. */
  | { kind: 'unavailable'; reason: string }
  /** No usable answer: it may have happened. */
  | { kind: 'unknown'; reason: string };

/** What a retry later may cure without anybody doing anything. */
export type PassingFailure = Extract<Answer<never>, { kind: 'throttled' | 'unavailable' | 'unknown' }>;

export function isPassing(answer: Answer<unknown>): answer is PassingFailure {
  return answer.kind === 'throttled' || answer.kind === 'unavailable' || answer.kind === 'unknown';
}
