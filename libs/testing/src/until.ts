const PAUSE_MIN_MS = 20;
const PAUSE_MAX_MS = 250;

/**
 * Waits for a condition, never for time: polls until `probe` gives a value other than false, null or undefined. The longer it has
 * waited, the longer it pauses, so that who waits takes little from those who work.
 */
export async function until<T>(probe: () => Promise<T> | T, timeoutMs = 30_000): Promise<NonNullable<T>> {
  const startedMs = performance.now();
  for (;;) {
    const value = await probe();
    if (value !== false && value !== null && value !== undefined) return value;
    const waitedMs = performance.now() - startedMs;
    if (waitedMs > timeoutMs) throw new Error(`nothing came of ${probe.toString().slice(0, 200)} within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, Math.min(PAUSE_MAX_MS, Math.max(PAUSE_MIN_MS, waitedMs / 20))));
  }
}
