import type { BatchFinishedV1 } from '@courier/contracts';
import { derivedId } from '@courier/kernel';
import { z } from 'zod';
import { noCounts } from './outcome';

/** A record of the batches topic that became a dead letter. */
export interface RefusedRecord {
  data: unknown;
  epoch: number;
  reason: string;
  detail: string;
}

/** The least that an outcome needs to reach its run. More rows than a batch may have are still rows that somebody waits for. */
const readable = z.object({
  batchId: z.uuid(),
  runId: z.uuid(),
  exportId: z.uuid(),
  attempt: z.int().min(1),
  number: z.int().min(1),
  rows: z.int().min(1),
});

type ReadableBatch = z.infer<typeof readable>;

/** Null when the record does not say whose batch it is. */
export function readRefused(data: unknown): ReadableBatch | null {
  return readable.safeParse(data).data ?? null;
}

/** The outcome of a batch that the sink cannot take: no row was attempted. */
export function outcomeOfRefused(
  { rows, ...ids }: ReadableBatch,
  { epoch, reason, detail }: Omit<RefusedRecord, 'data'>,
  now: Date,
): BatchFinishedV1 {
  return {
    ...ids,
    deliveryId: derivedId('delivery', ids.batchId, epoch),
    counts: { ...noCounts, notAttempted: rows },
    rejectedReasons: {},
    results: null,
    jobIds: [],
    attempts: 0,
    error: { code: reason, detail: `The sink could not take the batch in (${detail}).` },
    finishedAt: now.toISOString(),
    ...(epoch === 0 ? {} : { epoch }),
  };
}
