import type { EntityManager } from 'typeorm';
import type { KnownConnection } from '../domain/export';

export abstract class ConnectionStore {
  abstract find(manager: EntityManager, id: string): Promise<KnownConnection | null>;
  /** Only a higher version replaces what is known; false when this one is old. */
  abstract apply(manager: EntityManager, connection: KnownConnection): Promise<boolean>;
}
