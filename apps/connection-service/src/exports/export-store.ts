import type { EntityManager } from 'typeorm';
import type { KnownExport } from './known-export';

export abstract class ExportStore {
  /** Only a higher version replaces what is known; false when this one is old. */
  abstract apply(manager: EntityManager, exported: KnownExport): Promise<boolean>;
  /** What uses a connection, by name; at most `max`. */
  abstract findUsers(connectionId: string, max: number): Promise<Pick<KnownExport, 'id' | 'name'>[]>;
}
