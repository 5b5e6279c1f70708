import { exportStates, pageSchema } from '@courier/contracts';
import { storableText } from '@courier/http';
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

export const resetSequenceSchema = z
  .strictObject({
    sequence: z
      .int()
      .min(0)
      .optional()
      .describe('Refreshes above it are taken from now on; without it the next one is, whatever it has'),
    reason: storableText(500),
  })
  .meta({ example: { sequence: 1_423, reason: 'a test published the clock as sequence' } });

export const shownSegmentSchema = segmentSchema
  .extend({
    newestSequence: z.int().nullable().describe('A refresh that is not above it is stale; null: any counts'),
    staleInARow: z.int().describe('Refreshes that were stale since one was taken'),
    newestSnapshot: z
      .object({
        refreshId: z.string(),
        sequence: z.int(),
        rowCount: z.int(),
        createdAt: z.string().nullable(),
        expiresAt: z.string().nullable(),
      })
      .nullable()
      .describe('What a run reads now'),
    exports: z.array(z.object({ id: z.string(), name: z.string(), state: z.enum(exportStates) })).describe('Those that use it'),
  })
  .meta({
    example: {
      id: 'HighValueSegment',
      displayName: 'High value',
      lastRefresh: { sequence: 1_423, result: 'successful', receivedAt: '2026-11-24T02:15:44.000Z' },
      newestSequence: 1_423,
      staleInARow: 0,
      newestSnapshot: {
        refreshId: 'refresh-1423',
        sequence: 1_423,
        rowCount: 1_000,
        createdAt: '2026-11-24T02:15:40.000Z',
        expiresAt: null,
      },
      exports: [{ id: '0199a2b4-0000-7000-8000-00000000000b', name: 'High value', state: 'active' }],
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
