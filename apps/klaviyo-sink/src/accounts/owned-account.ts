import type { Lease } from '@courier/persistence';
import type { Concurrency } from './concurrency';
import type { KlaviyoSession } from './klaviyo-session';

/** A Klaviyo account while this process holds its lease. */
export interface OwnedAccount {
  key: string;
  lease: Lease;
  session: KlaviyoSession;
  concurrency: Concurrency;
}
