import type { Lease } from '@courier/persistence';
import type { EntityManager } from 'typeorm';

/** The only way for work under a lease to write: one transaction that an older owner's token makes fail. */
export abstract class LeasedWrites {
  abstract write<T>(lease: Lease, work: (manager: EntityManager) => Promise<T>): Promise<T>;
}
