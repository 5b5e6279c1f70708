/** An administrator has ended a replay, in one of its partitions. */
export interface ReplayAborted {
  epoch: number;
  actor: string;
  reason: string;
}

/**
 * A handler `@EventPattern<string>(replayAbortedPattern(topic))` gives up what the records of the epoch have led to and nobody has
 * begun, in the transaction that ends the replay. It is told once for each partition.
 */
export function replayAbortedPattern(topic: string): string {
  return `replay of ${topic} aborted`;
}
