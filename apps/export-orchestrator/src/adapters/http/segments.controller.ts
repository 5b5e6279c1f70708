import { type Page, pageQuerySchema } from '@courier/contracts';
import { decodeCursor, Operation, problem, Roles, toPage, Write, type WriteRequest, ZodBody, ZodQuery } from '@courier/http';
import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { isKept } from '../../domain/export';
import type { RunSnapshot } from '../../domain/run';
import { ExportStore } from '../../ports/export-store';
import { RefreshStore } from '../../ports/refresh-store';
import { ResetSequence } from '../../use-cases/reset-sequence';
import {
  resetSequenceSchema,
  segmentPageSchema,
  type segmentSchema,
  shownSegmentSchema,
  snapshotPageSchema,
  type snapshotSchema,
} from './segment-schemas';

type PageQuery = z.infer<typeof pageQuerySchema>;

const byName = { by: 'name' as const, descending: false };
const EXPORTS_MAX = 200;

@Controller('v1/segments')
export class SegmentsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly refreshes: RefreshStore,
    private readonly exports: ExportStore,
    private readonly resetSequence: ResetSequence,
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

  @Get(':id')
  @Roles('administrator', 'contributor', 'viewer')
  @Operation('Read a segment', { 200: shownSegmentSchema }, { problems: { 404: 'segment_not_found' } })
  async read(@Param('id') id: string): Promise<z.infer<typeof shownSegmentSchema>> {
    const { manager } = this.dataSource;
    // PostgreSQL cannot even be asked about NUL.
    const [last] = id.includes('\0') ? [] : await this.refreshes.listLastOfSegments(manager, { segmentId: id, limit: 1 });
    if (last === undefined) throw segmentNotFound();
    const { newest, staleInARow } = await this.refreshes.sequenceOf(manager, id);
    const [snapshot] = await this.refreshes.newestSnapshots(manager, [id]);
    const users = await this.exports.list(manager, { segmentId: id, order: byName, limit: EXPORTS_MAX });
    return {
      id,
      displayName: last.segmentName,
      lastRefresh: { sequence: last.sequence, result: last.result, receivedAt: last.receivedAt.toISOString() },
      newestSequence: newest,
      staleInARow,
      newestSnapshot: snapshot === undefined ? null : shownSnapshot(snapshot),
      exports: users.filter(isKept).map((one) => ({ id: one.id, name: one.name, state: one.state })),
    };
  }

  @Post(':id/reset-sequence')
  @HttpCode(200)
  @Roles('administrator')
  @Operation(
    'Lead a segment out of a sequence that was too high: refreshes with lower ones are taken again',
    { 200: shownSegmentSchema },
    { problems: { 404: 'segment_not_found', 409: 'sequence_not_lower' } },
  )
  async reset(
    @Param('id') id: string,
    @ZodBody(resetSequenceSchema) { sequence = null, reason }: { sequence?: number | null; reason: string },
    @Write() { user, once }: WriteRequest,
  ): Promise<z.infer<typeof shownSegmentSchema>> {
    if (once.earlier !== null) return this.read(id);
    if (id.includes('\0')) throw segmentNotFound();
    const result = await this.resetSequence.execute(id, { sequence, reason }, user, once);
    switch (result.kind) {
      case 'reset':
        return this.read(id);
      case 'segment_not_found':
        throw segmentNotFound();
      case 'not_lower':
        throw sequenceNotLower(result.newest);
    }
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
      createdAt: inUtc(snapshot.createdAt),
      expiresAt: inUtc(snapshot.expiresAt),
      receivedAt: receivedAt.toISOString(),
    }));
  }
}

/** An event names a time with any offset. */
const inUtc = (time: string | undefined): string | null => (time === undefined ? null : new Date(time).toISOString());

function segmentNotFound(): Error {
  return problem(404, 'segment_not_found', 'No refresh has named this segment.', 'Choose one of GET /v1/segments.');
}

function sequenceNotLower(newest: number): Error {
  const detail = `The newest sequence known is ${newest}; a reset goes below it.`;
  return problem(
    409,
    'sequence_not_lower',
    detail,
    'Name a lower sequence, or none: then the next refresh is taken, whatever it has.',
  );
}

function shownSnapshot({ refreshId, sequence, snapshot }: RunSnapshot) {
  const { rowCount, createdAt, expiresAt } = snapshot;
  return { refreshId, sequence, rowCount, createdAt: inUtc(createdAt), expiresAt: inUtc(expiresAt) };
}
