import type { ApiDescription } from '@courier/http';
import { ConnectionsController } from './connections';
import { serviceName } from './service-name';

/** What this service's OpenAPI document describes, beside the routes that every service has. */
export const controllers = [ConnectionsController];

export const api: ApiDescription = {
  title: serviceName,
  description: 'Connections to Klaviyo: who may use them, their consent, their sealed credential and their state.',
  version: '1',
  tags: {
    AuditEvents: 'Who changed what and why',
    DeadLetters: 'Records that this service could not use',
    Intake: 'Where the reading of topics stands, what was replayed and what waits for a decision',
    Connections: 'The Klaviyo accounts that exports deliver to',
  },
};
