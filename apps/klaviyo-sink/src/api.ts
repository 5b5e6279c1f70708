import type { ApiDescription } from '@courier/http';
import { serviceName } from './service-name';
import { ListsController } from './connections/lists.controller';

export const controllers = [ListsController];

export const api: ApiDescription = {
  title: serviceName,
  description: 'Everything that talks to Klaviyo: connection checks, deliveries, lists.',
  version: '1',
  tags: {
    AuditEvents: 'Who changed what and why',
    DeadLetters: 'Records that this service could not use',
    Intake: 'Where the reading of topics stands, what was replayed and what waits for a decision',
    Lists: 'The lists of a connection, read from Klaviyo',
  },
};
