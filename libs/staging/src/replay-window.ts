const HOUR_MS = 3_600_000;

export interface StagingWindow {
  stagingDays: number;
  topicRetentionHours: number;
}

/** How long a batch can be sent from its staged object: as long as asked for, and as long as a topic may bring it again. */
export function replayWindowMs({ stagingDays, topicRetentionHours }: StagingWindow): number {
  return Math.max(stagingDays * 24, topicRetentionHours) * HOUR_MS;
}
