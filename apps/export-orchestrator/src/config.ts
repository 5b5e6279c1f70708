import {
  auditSettings,
  authSettings,
  databaseSettings,
  environmentSettings,
  historySettings,
  httpSettings,
  kafkaSettings,
  serviceSettings,
  stagingSettings,
  telemetrySettings,
} from '@courier/config';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

export const configSchema = serviceSettings({
  ...kafkaSettings,
  ...databaseSettings,
  ...httpSettings,
  ...authSettings,
  ...auditSettings,
  ...telemetrySettings,
  ...environmentSettings,
  ...stagingSettings,
  ...historySettings,
  PORT: httpSettings.PORT.default(3002),
  SNAPSHOT_ROOTS: z
    .string()
    .transform((value) => value.split(',').map((root) => root.trim()))
    .refine(
      (roots) => roots.every((root) => root.startsWith('/') || root.startsWith('file:///')),
      'must be absolute folders or file: URIs',
    )
    .describe('Folders or URI prefixes that snapshots may lie in, separated by commas.'),
  KLAVIYO_SINK_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where klaviyo-sink answers about lists; without it the lists of exports stay unchecked.'),
  RUN_DEADLINE_HOURS: z.coerce
    .number()
    .min(0.01)
    .max(720)
    .default(24)
    .describe('After this time a run that has not finished is stopped.'),
  DEPENDENCY_WAIT_MINUTES: z.coerce
    .number()
    .min(0)
    .max(1_440)
    .default(60)
    .describe('How long a run waits for the other segments of its workflow job.'),
  PLANNER_MEMORY_MB: z.coerce
    .number()
    .int()
    .min(128)
    .max(16_384)
    .default(512)
    .describe("DuckDB's memory; more spills into the planner's folder."),
  PLANNER_DIR: z
    .string()
    .default(join(tmpdir(), 'segment-courier-planner'))
    .meta({
      description:
        "A folder on a local disk for the plain copies of a plan; emptied after each. It is made for the service's own user; one that " +
        'belongs to another, or that others may write into, is refused. Instances may share it.',
      shownDefault: 'segment-courier-planner in the folder for temporary files',
    }),
});

export type Config = z.infer<typeof configSchema>;
