import { defineMessage, type MessageData } from '@courier/kernel';
import { z } from 'zod';
import { topics } from '../../topics';

const time = z.iso.datetime({ offset: true });

export const snapshotPartitionSchema = z.looseObject({
  /** `file:` URI of one part, as stored. */
  uri: z.string().min(1).max(4096),
  /** Records in the part; a record may span lines. */
  rows: z.int().min(0),
  /** Bytes of the stored file, compressed where it is. */
  bytes: z.int().min(0).optional(),
  /** Hex SHA-256 of the stored file. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i)
    .optional(),
});

export const snapshotSchema = z.looseObject({
  format: z.enum(['cdm-csv', 'csv', 'ndjson', 'parquet']),
  /** The folder's `model.json`; required for `cdm-csv` and meaningless elsewhere. */
  manifestUri: z.string().min(1).max(4096).optional(),
  /** Name of the entity inside `model.json`. */
  entity: z.string().min(1).max(512).optional(),
  partitions: z.array(snapshotPartitionSchema).max(10_000),
  compression: z.enum(['none', 'gzip']).default('none'),
  /** Records over all parts. */
  rowCount: z.int().min(0),
  createdAt: time.optional(),
  expiresAt: time.optional(),
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
      displayName: z.string().max(500).optional(),
      type: z.string().max(50).optional(),
    }),
    refresh: z.looseObject({
      id: z.string().min(1).max(200),
      workflowJobId: z.string().max(200).optional(),
      /** All segments of the workflow job, where upstream names them. */
      segmentIds: z.array(z.string().min(1).max(200)).max(1000).optional(),
      trigger: z.string().max(50).optional(),
      completedAt: time.optional(),
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
