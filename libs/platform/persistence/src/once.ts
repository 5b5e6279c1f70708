import type { EntityManager } from 'typeorm';

/** Ties an effect to the request that asks for it, so that the request can be repeated and the effect cannot. */
export interface Once {
  /** What an earlier request with the same Idempotency-Key led to; null when the effect is still to be made. */
  readonly earlier: string | null;
  /**
   * Inside the transaction of the effect, last, with the id of what the answer shows. Throws, and so undoes the effect, when another
   * request with the same key was quicker; waits while that one is undecided.
   */
  record(manager: EntityManager, reference: string): Promise<void>;
}
