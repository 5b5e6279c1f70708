import { inspect } from 'node:util';

const PAUSE_MIN_MS = 20;
const PAUSE_MAX_MS = 250;
/** For a machine that is four times slower than the quiet one on which a wait takes longest (half a minute). */
const WAIT_MAX_MS = 120_000;

/** What a probe saw that is not yet what it waits for: said when nothing comes of it. */
export class NotYet {
  constructor(readonly seen: unknown) {}
}

/**
 * Waits for a condition, never for time: polls until `probe` gives a value other than false, null, undefined or a `NotYet`. The longer
 * it has waited, the longer it pauses, so that who waits takes little from those who work.
 */
export async function until<T>(
  probe: () => Promise<T | NotYet> | T | NotYet,
  timeoutMs = WAIT_MAX_MS,
): Promise<Exclude<NonNullable<T>, NotYet>> {
  const startedMs = performance.now();
  for (;;) {
    const value = await probe();
    if (!(value instanceof NotYet) && value !== false && value !== null && value !== undefined) {
      return value as Exclude<NonNullable<T>, NotYet>;
    }
    const waitedMs = performance.now() - startedMs;
    if (waitedMs > timeoutMs) throw new Error(nothingCame(probe, timeoutMs, value));
    await new Promise((resolve) => setTimeout(resolve, Math.min(PAUSE_MAX_MS, Math.max(PAUSE_MIN_MS, waitedMs / 20))));
  }
}

function nothingCame(probe: () => unknown, timeoutMs: number, value: unknown): string {
  const seen = inspect(value instanceof NotYet ? value.seen : value, { depth: 6, breakLength: 120 });
  return `nothing came of ${probe.toString().slice(0, 200)} within ${timeoutMs} ms; seen last: ${seen.slice(0, 4_000)}`;
}
