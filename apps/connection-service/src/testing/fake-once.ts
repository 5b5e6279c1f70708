import type { Once } from '@courier/persistence';

/** Remembers what was recorded in whose name. */
export class FakeOnce implements Once {
  readonly earlier = null;
  readonly recorded: string[] = [];

  record(_manager: unknown, reference: string): Promise<void> {
    this.recorded.push(reference);
    return Promise.resolve();
  }
}
