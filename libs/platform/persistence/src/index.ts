import type { MigrationClass } from './data-source';
import { Leases1700000000001 } from './migrations/0001-leases';
import { RequestKeys1700000000003 } from './migrations/0002-request-keys';
import { RequestFingerprints1700000000004 } from './migrations/0003-request-fingerprints';

export { createDataSource, migrate, type DatabaseOptions, type MigrationClass } from './data-source';
export { DatabaseClock } from './database-clock';
export { Lease, Leases, type LeaseOptions } from './leases';
export { Notifications, notify } from './notifications';
export type { Once } from './once';
export { PersistenceModule } from './persistence.module';
export { DatabaseReadiness } from './readiness';
export { RequestKeys, type AnsweredRequest, type KeyedRequest } from './request-keys';
export { removeInPieces } from './remove-in-pieces';
export { WakeUp } from './wake-up';
export { WorkLoop, type WorkLoopOptions } from './work-loop';

/** The tables that this lib brings into a service's database. */
export const persistenceMigrations: MigrationClass[] = [
  Leases1700000000001,
  RequestKeys1700000000003,
  RequestFingerprints1700000000004,
];
