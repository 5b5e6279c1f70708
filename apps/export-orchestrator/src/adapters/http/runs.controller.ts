import { type Page, type PageQuery, pageQuerySchema, type Run, runSchema } from '@courier/contracts';
import {
  decodeCursor,
  entityTag,
  invalidCursor,
  Operation,
  problem,
  Roles,
  toPage,
  Write,
  type WriteRequest,
  ZodBody,
  ZodQuery,
} from '@courier/http';
import { Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { RunRecord } from '../../domain/run';
import { toRunView } from '../../domain/run-view';
import { BatchStore } from '../../ports/batch-store';
import { RunStore } from '../../ports/run-store';
import { StartRun } from '../../use-cases/start-run';
import { connectionNotShared, exportNotFound, idPipe, noConnection } from './export-problems';
import { batchPageSchema, batchSchema, runPageSchema, runQuerySchema, startRunSchema } from './run-schemas';

@Controller('v1')
export class RunsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly runs: RunStore,
    private readonly batches: BatchStore,
    private readonly startRun: StartRun,
  ) {}

  @Post('exports/:id/runs')
  @HttpCode(202)
  @Roles('administrator', 'contributor')
  @Operation(
    'Run an export now with the newest snapshots known; withoutLedger, for administrators, where its ledger cannot be read',
    { 202: runSchema },
    {
      etag: true,
      location: true,
      problems: { 403: 'forbidden, connection_not_shared', 404: 'export_not_found', 409: 'no_snapshot, no_connection' },
    },
  )
  async start(
    @Param('id', idPipe(exportNotFound)) id: string,
    @ZodBody(startRunSchema) body: z.infer<typeof startRunSchema>,
    @Write() write: WriteRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Run> {
    if (body.withoutLedger && !write.user.roles.includes('administrator')) throw administratorsOnly();
    const runId = write.once.earlier ?? (await this.startNow(id, body, write));
    response.location(`/v1/runs/${runId}`);
    return this.read(runId, response);
  }

  private async startNow(
    exportId: string,
    { withoutLedger, reason }: z.infer<typeof startRunSchema>,
    { user, once }: WriteRequest,
  ): Promise<string> {
    const result = await this.startRun.execute(exportId, { withoutLedger, reason: reason ?? null }, user, once);
    switch (result.kind) {
      case 'started':
        return result.runId;
      case 'export_not_found':
        throw exportNotFound();
      case 'no_connection':
        throw noConnection();
      case 'connection_not_shared':
        throw connectionNotShared();
      case 'no_snapshot':
        throw problem(
          409,
          'no_snapshot',
          `No refresh of ${result.segmentIds.join(', ')} is known yet.`,
          'Refresh the segment, then run the export.',
        );
    }
  }

  @Get('runs')
  @Roles('administrator', 'contributor', 'viewer')
  @Operation('List runs of all triggers, newest first', { 200: runPageSchema })
  async list(@ZodQuery(runQuerySchema) query: z.infer<typeof runQuerySchema>): Promise<Page<Run>> {
    const { cursor, limit, from, to, ...filter } = query;
    const rows = await this.runs.list(this.dataSource.manager, {
      ...filter,
      ...(from === undefined ? {} : { from: new Date(from) }),
      ...(to === undefined ? {} : { to: new Date(to) }),
      ...(cursor === undefined ? {} : { before: decodeCursor(cursor) }),
      limit: limit + 1,
    });
    return toPage(rows, limit, toRunView);
  }

  @Get('runs/:id')
  @Roles('administrator', 'contributor', 'viewer')
  @Operation('Read a run', { 200: runSchema }, { etag: true, problems: { 404: 'run_not_found' } })
  async read(@Param('id', idPipe(runNotFound)) id: string, @Res({ passthrough: true }) response: Response): Promise<Run> {
    const run = await this.existing(id);
    response.setHeader('ETag', entityTag(run.version));
    return toRunView(run);
  }

  private async existing(id: string): Promise<RunRecord> {
    const run = await this.runs.find(this.dataSource.manager, id);
    if (run === null) throw runNotFound();
    return run;
  }

  @Get('runs/:id/batches')
  @Roles('administrator', 'contributor', 'viewer')
  @Operation(
    'What became of each batch of a run',
    { 200: batchPageSchema },
    { problems: { 400: 'invalid_request, invalid_cursor', 404: 'run_not_found' } },
  )
  async readBatches(
    @Param('id', idPipe(runNotFound)) id: string,
    @ZodQuery(pageQuerySchema) { limit, cursor }: PageQuery,
  ): Promise<z.infer<typeof batchPageSchema>> {
    const passed = cursor === undefined ? 0 : numberIn(cursor);
    await this.existing(id);
    const found = await this.batches.listOfRun(this.dataSource.manager, id, { after: passed, limit: limit + 1 });
    const shown = found.slice(0, limit);
    const nextCursor = found.length > limit ? String(shown.at(-1)?.number) : null;
    return { items: shown.map((batch) => batchSchema.parse(batch)), nextCursor };
  }
}

/** Batches come by number, so the cursor is the number of the last one shown. */
function numberIn(cursor: string): number {
  if (!/^\d{1,9}$/.test(cursor)) throw invalidCursor();
  return Number(cursor);
}

function administratorsOnly(): Error {
  const detail = 'Only an administrator starts a run without its ledger.';
  return problem(403, 'forbidden', detail, 'Ask an administrator.');
}

export function runNotFound(): Error {
  return problem(404, 'run_not_found', 'No run has this id.', 'Choose one of GET /v1/runs.');
}
