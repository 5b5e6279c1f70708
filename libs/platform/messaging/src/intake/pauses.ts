import type { PartitionId } from './positions';

export type PauseReason = 'retry' | 'gate';

/** Why each partition is paused. It goes on only when no reason is left, so a retry timer never lifts the gate's pause. */
export class Pauses {
  private readonly reasons = new Map<string, Set<PauseReason>>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private closed = false;

  constructor(private readonly resume: (id: PartitionId) => void) {}

  add(id: PartitionId, reason: PauseReason): void {
    const key = keyOf(id);
    const set = this.reasons.get(key) ?? new Set();
    set.add(reason);
    this.reasons.set(key, set);
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
    if (set.size === 0) this.resume(id);
  }

  /** How many partitions wait for this reason. */
  count(reason: PauseReason): number {
    return [...this.reasons.values()].filter((set) => set.has(reason)).length;
  }

  has(id: PartitionId): boolean {
    return (this.reasons.get(keyOf(id))?.size ?? 0) > 0;
  }

  /** For a new assignment, whose gates decide anew: kafkajs keeps a pause over a rebalance, so each is taken back. */
  resumeAll(): void {
    const paused = [...this.reasons.keys()];
    this.forget();
    for (const key of paused) {
      const at = key.lastIndexOf('/');
      this.resume({ topic: key.slice(0, at), partition: Number(key.slice(at + 1)) });
    }
  }

  /** For a consumer that is gone, its pauses with it: resuming it would throw. */
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
