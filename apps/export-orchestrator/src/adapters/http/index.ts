import type { ApiDescription } from '@courier/http';
import { serviceName } from '../../service-name';
import { ExportsController } from './exports.controller';
import { RejectedProfilesController } from './rejected-profiles.controller';
import { RefreshesController } from './refreshes.controller';
import { ReplaysController } from './replays.controller';
import { RunsController } from './runs.controller';
import { SegmentsController } from './segments.controller';

export const controllers = [
  ExportsController,
  ReplaysController,
  RunsController,
  RejectedProfilesController,
  RefreshesController,
  SegmentsController,
];

export const api: ApiDescription = {
  title: serviceName,
  description: 'Exports of Customer Insights segments to Klaviyo lists, and their runs.',
  version: '1',
  tags: {
    AuditEvents: 'Who changed what and why',
    DeadLetters: 'Records that this service could not use',
    Intake: 'Where the reading of topics stands, what was replayed and what waits for a decision',
    Exports: 'Which segments go into which Klaviyo list',
    Runs: 'What exports did and do',
    RejectedProfiles: 'Who was not delivered, and why',
    Replays: 'Runs that are repeated',
    Refreshes: 'What was heard from upstream, and what it led to',
    Segments: 'The segments that refreshes have named',
  },
};
