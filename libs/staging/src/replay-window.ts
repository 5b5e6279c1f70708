const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Kafka deletes whole segments, by default of a week, so a record outlives its retention; and a replay that began in time takes its own. */
const OUTLIVED_MS = 9 * DAY_MS;

export interface StagingWindow {
  stagingDays: number;
  topicRetentionHours: number;
}

/** How long a batch can be sent from its staged object: as long as asked for, and as long as a topic may bring it again. */
export function replayWindowMs({ stagingDays, topicRetentionHours }: StagingWindow): number {
  return Math.max(stagingDays * 24, topicRetentionHours) * HOUR_MS;
}

/** How long what has ended stays known: for its days, and for as long as a topic may still bring it again. */
export function historyMs({ historyDays, ...window }: StagingWindow & { historyDays: number }): number {
  return Math.max(historyDays * DAY_MS, replayWindowMs(window) + OUTLIVED_MS);
}
