import { pageQuerySchema, pageSchema, runKinds, runSchema, runStatuses, runTriggers } from '@courier/contracts';
import { storableText } from '@courier/http';
import { z } from 'zod';

export const startRunSchema = z
  .strictObject({
    kind: z.enum(runKinds).refine((kind) => kind === 'full', {
      message: 'Only full runs are supported.',
      params: { code: 'not_supported', remedy: 'Ask for kind full.' },
    }),
    /** For administrators, where the ledger cannot be read: everybody is sent, and a new ledger begins with this run. */
    withoutLedger: z.boolean().default(false),
    /** Required with `withoutLedger`. */
    reason: storableText(500).optional(),
  })
  .refine(({ withoutLedger, reason }) => !withoutLedger || reason !== undefined, {
    path: ['reason'],
    message: 'Say why the run is to begin without its ledger.',
  })
  .meta({ example: { kind: 'full' } });

export const runQuerySchema = pageQuerySchema.extend({
  exportId: z.uuid().optional(),
  status: z.enum(runStatuses).optional(),
  trigger: z.enum(runTriggers).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
});

export const runPageSchema = pageSchema(runSchema);

export const batchSchema = z
  .object({
    number: z.int(),
    operation: z.enum(['upsert', 'remove']),
    rows: z.int(),
    bytes: z.int(),
    status: z.enum(['planned', 'announced', 'finished']),
    accepted: z.int(),
    rejected: z.int(),
    jobIds: z.array(z.string()),
    attempts: z.int(),
    error: z.object({ code: z.string(), detail: z.string() }).nullable(),
  })
  .meta({
    example: {
      number: 1,
      operation: 'upsert',
      rows: 985,
      bytes: 210_344,
      status: 'finished',
      accepted: 985,
      rejected: 0,
      jobIds: ['job-1'],
      attempts: 1,
      error: null,
    },
  });

export const batchPageSchema = pageSchema(batchSchema);
