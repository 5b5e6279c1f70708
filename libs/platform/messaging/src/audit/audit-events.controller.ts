import { decodeCursor, Operation, Roles, toPage, ZodQuery } from '@courier/http';
import { Controller, Get } from '@nestjs/common';
import type { z } from 'zod';
import { AuditEventStore } from './audit-event-store';
import { auditPageSchema, auditQuerySchema, toView } from './audit-schemas';

@Controller('v1/audit-events')
@Roles('administrator')
export class AuditEventsController {
  constructor(private readonly events: AuditEventStore) {}

  @Get()
  @Operation(
    'Who changed what in this service and why, newest first',
    { 200: auditPageSchema },
    { problems: { 400: 'invalid_request, invalid_cursor' } },
  )
  async list(@ZodQuery(auditQuerySchema) query: z.infer<typeof auditQuerySchema>): Promise<z.infer<typeof auditPageSchema>> {
    const { cursor, limit, from, to, ...filter } = query;
    const rows = await this.events.list({
      ...filter,
      from: from === undefined ? undefined : new Date(from),
      to: to === undefined ? undefined : new Date(to),
      before: cursor === undefined ? undefined : decodeCursor(cursor),
      limit: limit + 1,
    });
    return toPage(rows, limit, toView);
  }
}
