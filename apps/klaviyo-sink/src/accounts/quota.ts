/**
 * Klaviyo counts in fixed windows that start where it likes, so we count in sliding ones, which fit every fixed window. The windows
 * are a tenth of a second and a second longer than Klaviyo's, and `share` keeps part of the quota free: large bodies that
 * start evenly still arrive in bunches.
 */
export interface QuotaWindow {
  lengthMs: number;
  starts: number;
}

/** Klaviyo's limits per account and endpoint: calls a second, calls a minute. */
const tiers = {
  accounts: { burst: 1, steady: 15 },
  imports: { burst: 10, steady: 150 },
  jobs: { burst: 10, steady: 150 },
  job: { burst: 10, steady: 150 },
  importErrors: { burst: 10, steady: 150 },
  lists: { burst: 75, steady: 750 },
  list: { burst: 75, steady: 750 },
  listCount: { burst: 1, steady: 15 },
  profiles: { burst: 75, steady: 750 },
} as const;

export type QuotaBucket = keyof typeof tiers;

export const quotaBuckets = Object.keys(tiers) as QuotaBucket[];

/** Imports carry megabytes: they also keep a distance from each other. */
const IMPORT_SPACING_MS = 100;
const LONGEST_WINDOW_MS = 61_000;

export function quotaWindows(bucket: QuotaBucket, share: number): QuotaWindow[] {
  const { burst, steady } = tiers[bucket];
  const windows = [
    { lengthMs: 1_100, starts: Math.max(1, Math.floor(burst * share)) },
    { lengthMs: LONGEST_WINDOW_MS, starts: Math.max(1, Math.floor(steady * share)) },
  ];
  return bucket === 'imports' ? [{ lengthMs: IMPORT_SPACING_MS, starts: 1 }, ...windows] : windows;
}

/** How much of our share an account has used up within the last second and the last minute: 1 when nothing is left. */
export function quotaUse(
  bucket: QuotaBucket,
  share: number,
  { starts, now_ms: nowMs }: { starts: readonly number[]; now_ms: number },
): { second: number; minute: number } {
  const [minute, second] = quotaWindows(bucket, share).reverse();
  const use = (window: QuotaWindow | undefined): number =>
    window === undefined ? 0 : starts.filter((start) => start > nowMs - window.lengthMs && start <= nowMs).length / window.starts;
  return { second: use(second), minute: use(minute) };
}

/** The starts that still count. Reservations lie in the future and always do. */
export function countingStarts(starts: readonly number[], nowMs: number): number[] {
  return starts.filter((start) => start > nowMs - LONGEST_WINDOW_MS);
}

/** The earliest moment at which a call may start, given all earlier starts in order. */
export function nextStartMs(starts: readonly number[], nowMs: number, windows: readonly QuotaWindow[]): number {
  let next = Math.max(nowMs, starts.at(-1) ?? 0);
  for (const window of windows) {
    const oldest = starts.at(-window.starts);
    if (oldest !== undefined) next = Math.max(next, oldest + window.lengthMs);
  }
  return next;
}
