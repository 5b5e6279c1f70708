import type { EntityManager } from 'typeorm';
import type { KnownConnection } from '../domain/export';

export abstract class ConnectionStore {
  abstract find(manager: EntityManager, id: string): Promise<KnownConnection | null>;
  /** It stays as it is until the transaction ends: its removal waits, and then finds what was made with it. */
  abstract findForShare(manager: EntityManager, id: string): Promise<KnownConnection | null>;
  /** Only a higher version replaces what is known; false when this one is old. */
  abstract apply(manager: EntityManager, connection: KnownConnection): Promise<boolean>;
}
