import { type Page, pageQuerySchema } from '@courier/contracts';
import { decodeCursor, Operation, problem, Roles, toPage, ZodQuery } from '@courier/http';
import { Controller, Get, Param } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { RefreshStore } from '../../ports/refresh-store';
import { segmentPageSchema, type segmentSchema, snapshotPageSchema, type snapshotSchema } from './segment-schemas';

type PageQuery = z.infer<typeof pageQuerySchema>;

@Controller('v1/segments')
export class SegmentsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly refreshes: RefreshStore,
  ) {}

  @Get()
  @Roles('administrator', 'contributor', 'viewer')
  @Operation('The segments that a refresh has named, the latest refreshed first', { 200: segmentPageSchema })
  async list(@ZodQuery(pageQuerySchema) { cursor, limit }: PageQuery): Promise<Page<z.infer<typeof segmentSchema>>> {
    const before = cursor === undefined ? {} : { before: decodeCursor(cursor) };
    const rows = await this.refreshes.listLastOfSegments(this.dataSource.manager, { ...before, limit: limit + 1 });
    const ordered = rows.map((refresh) => ({ ...refresh, createdAt: refresh.receivedAt }));
    return toPage(ordered, limit, ({ segmentId, segmentName, sequence, result, receivedAt }) => ({
      id: segmentId,
      displayName: segmentName,
      lastRefresh: { sequence, result, receivedAt: receivedAt.toISOString() },
    }));
  }

  @Get(':id/snapshots')
  @Roles('administrator', 'contributor', 'viewer')
  @Operation(
    'The snapshots of a segment that were heard of, newest first',
    { 200: snapshotPageSchema },
    { problems: { 404: 'segment_not_found' } },
  )
  async snapshots(
    @Param('id') id: string,
    @ZodQuery(pageQuerySchema) { cursor, limit }: PageQuery,
  ): Promise<Page<z.infer<typeof snapshotSchema>>> {
    const { manager } = this.dataSource;
    // PostgreSQL cannot even be asked about NUL.
    const known = id.includes('\0') ? [] : await this.refreshes.list(manager, { segmentId: id, limit: 1 });
    if (known.length === 0) throw segmentNotFound();
    const before = cursor === undefined ? {} : { before: decodeCursor(cursor) };
    const found = await this.refreshes.listSnapshots(manager, { segmentId: id, ...before, limit: limit + 1 });
    const rows = found.map((refresh) => ({ ...refresh, createdAt: refresh.receivedAt }));
    return toPage(rows, limit, ({ segmentId, refreshId, sequence, snapshot, receivedAt }) => ({
      segmentId,
      refreshId,
      sequence,
      format: snapshot.format,
      compression: snapshot.compression,
      rowCount: snapshot.rowCount,
      parts: snapshot.parts,
      createdAt: snapshot.createdAt ?? null,
      expiresAt: snapshot.expiresAt ?? null,
      receivedAt: receivedAt.toISOString(),
    }));
  }
}

function segmentNotFound(): Error {
  return problem(404, 'segment_not_found', 'No refresh has named this segment.', 'Choose one of GET /v1/segments.');
}
