import { defineMessage, type MessageData } from '@courier/kernel';
import { z } from 'zod';
import { topics } from '../../topics';

/** A staged object: an encrypted, write-once file under the staging root. */
export const stagedObjectSchema = z.object({
  /** Path below the staging root, such as `runs/<run>/1/batch-000001`. */
  path: z
    .string()
    .regex(/^[A-Za-z0-9/_.-]+$/)
    .max(300),
  /** Hex SHA-256 of the stored (encrypted) bytes. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Stored bytes. */
  bytes: z.int().min(0),
});
export type StagedObjectRef = z.infer<typeof stagedObjectSchema>;

/** Deliver the profiles of one staged batch to a list. First version; `operation` is `upsert` only. */
export const batchRequestedV1 = defineMessage({
  type: 'klaviyo.batch-requested.v1',
  topic: topics.batches.name,
  key: (data) => data.connectionId,
  schema: z.looseObject({
    batchId: z.uuid(),
    runId: z.uuid(),
    exportId: z.uuid(),
    /** Plan attempt of the run; part of the staged path and of the encryption's bound data. */
    attempt: z.int().min(1),
    /** 1-based within the run. */
    number: z.int().min(1),
    operation: z.enum(['upsert', 'remove']),
    connectionId: z.uuid(),
    listId: z.string().min(1),
    rows: z.int().min(1).max(10_000),
    object: stagedObjectSchema,
    requestedAt: z.iso.datetime(),
    /** Which of two runs of an export is the newer one: the one that began later, with the higher `sequence`. Records from before it joined supersede nothing. */
    run: z.object({ kind: z.enum(['full', 'incremental']), sequence: z.int().min(1) }).optional(),
  }),
});

export type BatchRequestedV1 = MessageData<typeof batchRequestedV1>;
