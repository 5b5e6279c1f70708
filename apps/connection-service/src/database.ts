import { ConnectionEntity } from './connections/connection.entity';
import { Connections1700000001001 } from './migrations/0001-connections';
import { KnownExports1700000001002 } from './migrations/0002-known-exports';

export const entities = [ConnectionEntity];
export const migrations = [Connections1700000001001, KnownExports1700000001002];
