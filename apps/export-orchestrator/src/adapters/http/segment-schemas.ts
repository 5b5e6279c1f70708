import { pageSchema } from '@courier/contracts';
import { z } from 'zod';

export const segmentSchema = z
  .object({
    id: z.string(),
    displayName: z.string().nullable(),
    /** The newest refresh that was heard of; one that is read again stays as it first came. */
    lastRefresh: z.object({ sequence: z.int(), result: z.string(), receivedAt: z.string() }),
  })
  .meta({
    example: {
      id: 'HighValueSegment',
      displayName: 'High value',
      lastRefresh: { sequence: 1_423, result: 'successful', receivedAt: '2026-11-24T02:15:44.000Z' },
    },
  });

export const segmentPageSchema = pageSchema(segmentSchema);

export const snapshotSchema = z
  .object({
    segmentId: z.string(),
    refreshId: z.string(),
    sequence: z.int(),
    format: z.enum(['cdm-csv', 'csv', 'ndjson', 'parquet']),
    compression: z.enum(['none', 'gzip']),
    rowCount: z.int(),
    parts: z.int(),
    createdAt: z.string().nullable(),
    expiresAt: z.string().nullable(),
    receivedAt: z.string(),
  })
  .meta({
    example: {
      segmentId: 'HighValueSegment',
      refreshId: 'refresh-1423',
      sequence: 1_423,
      format: 'cdm-csv',
      compression: 'none',
      rowCount: 1_000,
      parts: 1,
      createdAt: '2026-11-24T02:15:40.000Z',
      expiresAt: null,
      receivedAt: '2026-11-24T02:15:44.000Z',
    },
  });

export const snapshotPageSchema = pageSchema(snapshotSchema);
