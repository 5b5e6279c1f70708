import { storableText } from '@courier/http';
import { z } from 'zod';
import { deadLetterRemedies } from './remedies';
import type { StoredDeadLetter } from './dead-letter-store';

const states = ['open', 'retried', 'discarded'] as const;

const fields = z.object({
  id: z.string(),
  consumer: z.string(),
  topic: z.string(),
  partition: z.int(),
  offset: z.string(),
  eventId: z.string().nullable(),
  eventType: z.string().nullable(),
  reason: z.string(),
  detail: z.string(),
  remedy: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  at: z.string(),
  state: z.enum(states),
  retries: z.int(),
  resolved: z
    .object({ at: z.string(), by: z.object({ sub: z.string(), name: z.string() }).nullable(), reason: z.string() })
    .nullable(),
});
export type DeadLetterView = z.infer<typeof fields>;

const example: DeadLetterView = {
  id: '0199a2b4-0000-7000-8000-00000000000d',
  consumer: 'export-orchestrator',
  topic: 'segment.refreshes',
  partition: 3,
  offset: '4711',
  eventId: 'a8f2c1de',
  eventType: 'segment.refreshed.v1',
  reason: 'invalid_message',
  detail: 'invalid at: segment.id',
  remedy: 'Have the sender correct the event and send it again.',
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  bytes: 512,
  at: '2026-11-24T02:15:44.000Z',
  state: 'open',
  retries: 0,
  resolved: null,
};
export const deadLetterSchema = fields.meta({ example });

export const deadLetterPageSchema = z.object({ items: z.array(deadLetterSchema), nextCursor: z.string().nullable() }).meta({
  example: { items: [example], nextCursor: null },
});

export const deadLetterQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
  state: z.enum(states).optional(),
  topic: storableText(249).optional(),
});

export const decisionSchema = z
  .strictObject({ reason: storableText(500) })
  .meta({ example: { reason: 'The sender has corrected it.' } });

export const retriedSchema = z
  .object({
    result: z.enum(['done', 'skipped', 'known', 'dead_lettered']),
    deadLetter: deadLetterSchema,
  })
  .meta({ example: { result: 'done', deadLetter: { ...example, state: 'retried', retries: 1 } } });

export function toView(letter: StoredDeadLetter): DeadLetterView {
  const { epoch: _epoch, createdAt, resolvedAt, resolvedBy, resolution, ...facts } = letter;
  return {
    ...facts,
    remedy: deadLetterRemedies[letter.reason],
    at: createdAt.toISOString(),
    resolved: resolvedAt === null ? null : { at: resolvedAt.toISOString(), by: resolvedBy, reason: resolution ?? '' },
  };
}
