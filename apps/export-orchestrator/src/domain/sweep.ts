import { replayWindowMs, type StagingWindow } from '@courier/staging';

export type { StagedFolder } from '@courier/staging';

const HOUR_MS = 3_600_000;
/** A replay that began within its window may still be at work. */
const MARGIN_MS = 24 * HOUR_MS;

/** What ended before this time is needed by nobody: the sink refuses what is past the window, so nothing that it takes is swept. */
export function sweepBefore(now: Date, window: StagingWindow): Date {
  return new Date(now.getTime() - replayWindowMs(window) - MARGIN_MS);
}
