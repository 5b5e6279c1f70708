export interface Backoff {
  baseMs: number;
  capMs: number;
}

/** Pause after the nth try (1-based): doubling, capped, and jittered over its upper half so that retries spread. */
export function backoffMs(tries: number, backoff: Backoff, random: () => number = Math.random): number {
  const full = Math.min(backoff.capMs, backoff.baseMs * 2 ** (tries - 1));
  return Math.round(full / 2 + (full / 2) * random());
}
