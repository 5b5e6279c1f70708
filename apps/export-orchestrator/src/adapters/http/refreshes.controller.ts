import type { Page } from '@courier/contracts';
import { decodeCursor, Operation, Roles, toPage, ZodQuery } from '@courier/http';
import { Controller, Get } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { remedyOf } from '../../domain/run-reasons';
import { RefreshStore } from '../../ports/refresh-store';
import { refreshPageSchema, refreshQuerySchema, type refreshSchema } from './refresh-schemas';

@Controller('v1/refreshes')
export class RefreshesController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly refreshes: RefreshStore,
  ) {}

  @Get()
  @Roles('administrator', 'contributor', 'viewer')
  @Operation('Every refresh that was heard of and what it led to, newest first', { 200: refreshPageSchema })
  async list(
    @ZodQuery(refreshQuerySchema) query: z.infer<typeof refreshQuerySchema>,
  ): Promise<Page<z.infer<typeof refreshSchema>>> {
    const { cursor, limit, ...filter } = query;
    const before = cursor === undefined ? {} : { before: decodeCursor(cursor) };
    const rows = await this.refreshes.list(this.dataSource.manager, { ...filter, ...before, limit: limit + 1 });
    const ordered = rows.map((refresh) => ({ ...refresh, createdAt: refresh.receivedAt }));
    return toPage(ordered, limit, ({ eventId, epoch, segmentId, sequence, receivedAt, verdict, reason, runIds }) => ({
      eventId,
      epoch,
      segmentId,
      sequence,
      receivedAt: receivedAt.toISOString(),
      verdict,
      reason,
      remedy: remedyOf(reason),
      runIds,
    }));
  }
}
