import { storableText } from '@courier/http';
import { z } from 'zod';
import type { StoredAuditEvent } from './audit-event-store';

const reference = z.object({ type: z.string(), id: z.string() });
const value = z.union([z.string(), z.number()]).optional();

const fields = z.object({
  id: z.string(),
  at: z.string(),
  actor: z.object({ sub: z.string(), name: z.string(), roles: z.array(z.string()), address: z.string().nullable() }),
  action: z.string(),
  aggregate: reference,
  reason: z.string().nullable(),
  changes: z.array(z.object({ field: z.string(), from: value, to: value })),
  related: z.array(reference),
});
export type AuditEventView = z.infer<typeof fields>;

const example: AuditEventView = {
  id: '0199a2b4-0000-7000-8000-00000000000e',
  at: '2026-11-24T02:15:44.000Z',
  actor: { sub: 'ada', name: 'Ada', roles: ['administrator'], address: '10.0.0.7' },
  action: 'run.repeated',
  aggregate: { type: 'run', id: '5f0c2d6e-8a41-5b77-9e3c-2f1d0c9b8a76' },
  reason: 'the list was emptied by mistake',
  changes: [],
  related: [{ type: 'export', id: '019ad3a0-5b1e-7c3a-9d57-0c1f2a3b4c5d' }],
};

export const auditPageSchema = z.object({ items: z.array(fields), nextCursor: z.string().nullable() }).meta({
  example: { items: [example], nextCursor: null },
});

export const auditQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
  /** The id of what was changed, or of what else it concerns: an export's runs, too. */
  concerns: storableText(300).optional(),
  action: storableText(100).optional(),
  /** Their subject. */
  actor: storableText(300).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
});

export function toView({ createdAt, ...event }: StoredAuditEvent): AuditEventView {
  return { ...event, at: createdAt.toISOString() };
}
