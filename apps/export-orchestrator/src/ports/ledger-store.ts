import type { StagedObjectRef } from '@courier/contracts';
import type { EntityManager } from 'typeorm';

export interface LedgerKey {
  exportId: string;
  accountId: string;
  listId: string;
}

export interface LedgerVersion {
  version: number;
  object: StagedObjectRef;
  people: number;
}

export abstract class LedgerStore {
  abstract find(manager: EntityManager, key: LedgerKey): Promise<LedgerVersion | null>;
  /** Moves the pointer from `seen` (0: none yet) to the next version; false when somebody else moved it meanwhile. */
  abstract advance(
    manager: EntityManager,
    key: LedgerKey,
    move: { seen: number; object: StagedObjectRef; people: number },
  ): Promise<boolean>;
  /** The next version is the first one again. No other run of the list may be under way. */
  abstract forget(manager: EntityManager, key: LedgerKey): Promise<void>;
}
