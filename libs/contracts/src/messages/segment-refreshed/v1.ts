import { defineMessage, isoInstant, type MessageData } from '@courier/kernel';
import { z } from 'zod';
import { topics } from '../../topics';

// Upstream writes this message, in whatever manner its tools have: null is absent, and a time has any spelling of ISO 8601. What is
// read of it is strict again: no null, and times that name their zone. So is what we write, because our writers send what was read.

/** A time as it stands where it has date, time, seconds and zone; else the moment that it names, in UTC. */
const time = z.string().transform((text, context): string => {
  if (z.iso.datetime({ offset: true }).safeParse(text).success) return text;
  const instant = isoInstant(text);
  if (instant !== null) return instant.toISOString();
  context.addIssue({ code: 'invalid_format', format: 'datetime', message: 'Invalid ISO 8601 time' });
  return z.NEVER;
});

const optional = <T extends z.ZodType>(schema: T) => z.preprocess((value) => value ?? undefined, schema.optional());

export const snapshotPartitionSchema = z.looseObject({
  /** `file:` URI of one part, as stored. */
  uri: z.string().min(1).max(4096),
  /** Records in the part; a record may span lines. */
  rows: z.int().min(0),
  /** Bytes of the stored file, compressed where it is. */
  bytes: optional(z.int().min(0)),
  /** Hex SHA-256 of the stored file. */
  sha256: optional(z.string().regex(/^[0-9a-f]{64}$/i)),
});

export const snapshotSchema = z.looseObject({
  format: z.enum(['cdm-csv', 'csv', 'ndjson', 'parquet']),
  /** The folder's `model.json`; required for `cdm-csv` and meaningless elsewhere. */
  manifestUri: optional(z.string().min(1).max(4096)),
  /** Name of the entity inside `model.json`. */
  entity: optional(z.string().min(1).max(512)),
  partitions: z.array(snapshotPartitionSchema).max(10_000),
  compression: z.preprocess((value) => value ?? undefined, z.enum(['none', 'gzip']).default('none')),
  /** Records over all parts. */
  rowCount: z.int().min(0),
  createdAt: optional(time),
  expiresAt: optional(time),
});

/** A segment was refreshed upstream and a snapshot of its members lies ready. First version. */
export const segmentRefreshedV1 = defineMessage({
  type: 'segment.refreshed.v1',
  topic: topics.segmentRefreshes.name,
  key: (data) => data.segment.id,
  schema: z.looseObject({
    environmentId: z.string().min(1).max(200),
    segment: z.looseObject({
      id: z.string().min(1).max(200),
      displayName: optional(z.string().max(500)),
      type: optional(z.string().max(50)),
    }),
    refresh: z.looseObject({
      id: z.string().min(1).max(200),
      workflowJobId: optional(z.string().max(200)),
      /** All segments of the workflow job, where upstream names them. */
      segmentIds: optional(z.array(z.string().min(1).max(200)).max(1000)),
      trigger: optional(z.string().max(50)),
      completedAt: optional(time),
      /** Anything but `successful` makes the runs skipped. */
      result: z.string().min(1).max(50),
    }),
    /** Grows with every refresh of the segment. */
    sequence: z.int().min(0),
    snapshot: snapshotSchema,
  }),
});

export type SegmentRefreshedV1 = MessageData<typeof segmentRefreshedV1>;
export type Snapshot = z.infer<typeof snapshotSchema>;
export type SnapshotPartition = z.infer<typeof snapshotPartitionSchema>;
