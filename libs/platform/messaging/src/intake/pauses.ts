import type { Consumer } from '@courier/kafka';
import type { PartitionId } from './positions';

export type PauseReason = 'retry' | 'gate';

/** Why each partition is paused. It goes on only when no reason is left, so a retry timer never lifts the gate's pause. */
export class Pauses {
  private readonly reasons = new Map<string, Set<PauseReason>>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private closed = false;

  constructor(private readonly consumer: Pick<Consumer, 'pause' | 'resume'>) {}

  add(id: PartitionId, reason: PauseReason): void {
    const key = keyOf(id);
    const set = this.reasons.get(key) ?? new Set();
    set.add(reason);
    this.reasons.set(key, set);
    this.consumer.pause([partitions(id)]);
  }

  /** Adds the reason `retry` and takes it away after `afterMs`. */
  retryLater(id: PartitionId, afterMs: number): void {
    if (this.closed) return;
    this.add(id, 'retry');
    clearTimeout(this.timers.get(keyOf(id)));
    const timer = setTimeout(() => this.remove(id, 'retry'), afterMs);
    this.timers.set(keyOf(id), timer.unref());
  }

  remove(id: PartitionId, reason: PauseReason): void {
    const set = this.reasons.get(keyOf(id));
    if (set === undefined || !set.delete(reason)) return;
    if (set.size === 0) this.consumer.resume([partitions(id)]);
  }

  /** How many partitions wait for this reason. */
  count(reason: PauseReason): number {
    return [...this.reasons.values()].filter((set) => set.has(reason)).length;
  }

  /** For a consumer that is gone, since resuming it would throw, and for a new assignment, whose gates pause anew. */
  forget(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.reasons.clear();
  }

  /** The last call: no timer is set after it. */
  close(): void {
    this.closed = true;
    this.forget();
  }
}

function keyOf({ topic, partition }: PartitionId): string {
  return `${topic}/${partition}`;
}

function partitions({ topic, partition }: PartitionId): { topic: string; partitions: number[] } {
  return { topic, partitions: [partition] };
}
