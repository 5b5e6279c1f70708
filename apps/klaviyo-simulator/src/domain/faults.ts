import type { OperationName } from './operations';

/** What the network or the proxy in front of Klaviyo does to a call: nobody looks at the key any more. */
const networkKinds = ['hang', 'reset', 'html_challenge_403', 'delay'] as const;
/** What Klaviyo itself does to a call that it would have served. */
const serviceKinds = ['status', 'lost_answer', 'empty_200'] as const;

export const faultKinds = [...networkKinds, ...serviceKinds] as const;
export type FaultKind = (typeof faultKinds)[number];
export type FaultStage = 'network' | 'service';

/** Strikes the next `times` calls of an operation, once for each call. */
export interface FaultOrder {
  operation: OperationName | '*';
  times: number;
  kind: FaultKind;
  /** Only calls with a key of this account. */
  account?: string | undefined;
  /** How many matching calls go through unharmed first. */
  after?: number | undefined;
  status?: number | undefined;
  retryAfter?: number | undefined;
  body?: string | undefined;
  delayMs?: number | undefined;
}

export interface Fault extends FaultOrder {
  id: number;
  left: number;
  passBy: number;
}

/** Faults of a stage strike in the order in which they were queued; a call meets at most one in each stage. */
export class FaultQueue {
  private queue: Fault[] = [];
  private lastId = 0;

  add(orders: readonly FaultOrder[]): Fault[] {
    const added = orders.map((order) => ({ ...order, id: ++this.lastId, left: order.times, passBy: order.after ?? 0 }));
    this.queue.push(...added);
    return added;
  }

  /** The fault that strikes this call, used up by one. */
  take(stage: FaultStage, operation: OperationName, account: string | null): Fault | null {
    const kinds: readonly FaultKind[] = stage === 'network' ? networkKinds : serviceKinds;
    for (const fault of this.queue) {
      if (!kinds.includes(fault.kind)) continue;
      if (fault.operation !== '*' && fault.operation !== operation) continue;
      if (fault.account !== undefined && fault.account !== account) continue;
      if (fault.passBy > 0) {
        fault.passBy -= 1;
        continue;
      }
      fault.left -= 1;
      if (fault.left <= 0) this.queue = this.queue.filter((other) => other !== fault);
      return fault;
    }
    return null;
  }

  list(): readonly Fault[] {
    return this.queue;
  }

  clear(): void {
    this.queue = [];
  }
}

/** What happens to import jobs after they were accepted. Read at each step, so that a change reaches running jobs too. */
export interface JobRules {
  queueDelayMs: number;
  msPerThousand: number;
  /** These rows become import errors. */
  failEmails: ReadonlySet<string>;
  /** Row n, 2n, 3n … of each job becomes an import error; 0 is off. */
  failEvery: number;
  /** Jobs stay in this state for as long as it is set. */
  stuck: false | 'queued' | 'processing';
  /** Queued jobs end as cancelled. */
  cancelled: boolean;
}

export function defaultJobRules(): JobRules {
  return { queueDelayMs: 200, msPerThousand: 20, failEmails: new Set(), failEvery: 0, stuck: false, cancelled: false };
}
