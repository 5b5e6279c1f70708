/** What the use cases need to know of this deployment. */
export abstract class Settings {
  abstract readonly environmentId: string;
  abstract readonly runDeadlineHours: number;
  abstract readonly dependencyWaitMinutes: number;
  /** How long staged objects are kept, at least. */
  abstract readonly stagingDays: number;
  /** The window in which a replay may ask for them. */
  abstract readonly topicRetentionHours: number;
  /** How long what has ended stays to be looked at, where nothing needs it for longer. */
  abstract readonly historyDays: number;
}
