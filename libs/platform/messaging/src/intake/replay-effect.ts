/** A record that a replay would read once more, checked against its definition. */
export interface RecordAgain {
  source: string;
  eventId: string;
  type: string;
  data: unknown;
}

/** What is asked of a topic's handler before anybody rewinds it. The records are in the order in which they came. */
export interface ReplayQuestion {
  records: RecordAgain[];
  /** Also what is older than the newest that was delivered. */
  force: boolean;
  /** Only what has not ended well. */
  unfinishedOnly: boolean;
}

/**
 * - `runs`, `sends`: once more;
 * - `continues`: it has not ended, and goes on;
 * - `superseded`: something newer brings the same;
 * - `stale`: something newer was delivered;
 * - `skipped`: upstream did not succeed;
 * - `kept`: it has ended well, and only the rest is wanted;
 * - `expired`: what it would be read from is not kept any more;
 * - `stopped`: a person canceled it, or its connection is gone;
 * - `ignored`: nobody uses it;
 * - `put_aside`: this service cannot use it;
 * - `unknown`: it could not be looked at.
 */
export const replayVerdicts = [
  'runs',
  'sends',
  'continues',
  'superseded',
  'stale',
  'skipped',
  'kept',
  'expired',
  'stopped',
  'ignored',
  'put_aside',
  'unknown',
] as const;
export type ReplayVerdict = (typeof replayVerdicts)[number];

/** What reading records once more would do to one run; `runId` is the run as it was the first time. */
export interface ReplayEffect {
  verdict: ReplayVerdict;
  exportId: string | null;
  runId: string | null;
  records: number;
  detail: string | null;
}

/** A handler `@EventPattern<string>(replayPlanPattern(topic))` answers a ReplayQuestion with ReplayEffect[] and changes nothing. */
export function replayPlanPattern(topic: string): string {
  return `replay plan of ${topic}`;
}
