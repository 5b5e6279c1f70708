import { pageQuerySchema, pageSchema } from '@courier/contracts';
import { z } from 'zod';

export const refreshQuerySchema = pageQuerySchema.extend({
  segmentId: z
    .string()
    .max(200)
    .regex(/^[^\0]*$/)
    .optional(),
});

export const refreshSchema = z
  .object({
    eventId: z.string(),
    epoch: z.int().describe('0: as it came; N: read again in replay N'),
    segmentId: z.string(),
    sequence: z.int(),
    receivedAt: z.string(),
    verdict: z.enum(['started', 'recorded', 'ignored']),
    reason: z.string().nullable(),
    remedy: z.string().nullable(),
    runIds: z.array(z.string()).describe('Runs among them may be forgotten by now: HISTORY_DAYS after their end at the earliest'),
  })
  .meta({
    example: {
      eventId: 'a8f2c1de',
      epoch: 0,
      segmentId: 'HighValueSegment',
      sequence: 1_423,
      receivedAt: '2026-11-24T02:15:44.000Z',
      verdict: 'started',
      reason: null,
      remedy: null,
      runIds: ['0199a2b4-0000-7000-8000-00000000000c'],
    },
  });

export const refreshPageSchema = pageSchema(refreshSchema);
