import { type Export, exportSchema, type Page } from '@courier/contracts';
import {
  CurrentUser,
  entityTag,
  Operation,
  Roles,
  type User,
  versionDiffers,
  Write,
  type WriteRequest,
  ZodBody,
  ZodQuery,
} from '@courier/http';
import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { z } from 'zod';
import type { ExportEvent } from '../../domain/export-changes';
import { CheckList } from '../../use-cases/check-list';
import { CreateExport } from '../../use-cases/create-export';
import { DuplicateExport } from '../../use-cases/duplicate-export';
import { EditExport } from '../../use-cases/edit-export';
import { FindExports } from '../../use-cases/find-exports';
import { afterExport, exportCursor, orderOf } from './export-cursor';
import {
  connectionNotFound,
  connectionNotShared,
  exportNotFound,
  exportNotYours,
  idPipe,
  listNotFound,
  noConnection,
} from './export-problems';
import {
  createExportSchema,
  exportPageSchema,
  exportQuerySchema,
  patchExportSchema,
  removedExportSchema,
} from './export-schemas';

@Controller('v1/exports')
export class ExportsController {
  constructor(
    private readonly createExport: CreateExport,
    private readonly duplicateExport: DuplicateExport,
    private readonly editExport: EditExport,
    private readonly findExports: FindExports,
    private readonly checkList: CheckList,
  ) {}

  @Post()
  @Roles('administrator', 'contributor')
  @Operation(
    'Create an export; it runs with the next refresh of one of its segments, not now',
    { 201: exportSchema },
    {
      etag: true,
      location: true,
      problems: { 400: 'invalid_request, list_not_found', 403: 'forbidden, connection_not_shared', 404: 'connection_not_found' },
    },
  )
  async create(
    @ZodBody(createExportSchema) body: z.infer<typeof createExportSchema>,
    @Write() write: WriteRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Export> {
    const id = write.once.earlier ?? (await this.make(body, write));
    response.location(`/v1/exports/${id}`);
    return this.read(id, write.user, response);
  }

  @Get()
  @Roles('administrator', 'contributor', 'viewer')
  @Operation(
    'List exports, newest first unless sorted otherwise',
    { 200: exportPageSchema },
    { problems: { 400: 'invalid_request, invalid_cursor' } },
  )
  async list(
    @ZodQuery(exportQuerySchema) query: z.infer<typeof exportQuerySchema>,
    @CurrentUser() user: User,
  ): Promise<Page<Export>> {
    const { cursor, limit, sort, ...filter } = query;
    const after = cursor === undefined ? {} : { after: afterExport(sort, cursor) };
    const wanted = { ...filter, ...after, order: orderOf(sort), limit: limit + 1 };
    const rows = await this.findExports.page(wanted, user);
    const last = rows[limit - 1];
    return {
      items: rows.slice(0, limit).map(({ view }) => view),
      nextCursor: rows.length > limit && last !== undefined ? exportCursor(sort, last) : null,
    };
  }

  @Get(':id')
  @Roles('administrator', 'contributor', 'viewer')
  @Operation('Read an export', { 200: exportSchema }, { etag: true, problems: { 404: 'export_not_found' } })
  async read(
    @Param('id', idPipe(exportNotFound)) id: string,
    @CurrentUser() user: User,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Export> {
    const found = await this.findExports.one(id, user);
    if (found === null) throw exportNotFound();
    response.setHeader('ETag', entityTag(found.version));
    return found.view;
  }

  @Patch(':id')
  @Roles('administrator', 'contributor')
  @Operation(
    'Change an export; connectionId null detaches it, and it rests until another one is attached',
    { 200: exportSchema },
    {
      etag: true,
      ifMatch: true,
      problems: {
        400: 'invalid_request, list_not_found',
        403: 'forbidden, connection_not_shared, export_not_yours',
        404: 'export_not_found, connection_not_found',
      },
    },
  )
  async patch(
    @Param('id', idPipe(exportNotFound)) id: string,
    @ZodBody(patchExportSchema) patch: z.infer<typeof patchExportSchema>,
    @Write() write: WriteRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Export> {
    await this.edit(id, { kind: 'patch', patch }, write);
    await this.checkList.execute(id, write.authorization);
    return this.read(id, write.user, response);
  }

  @Delete(':id')
  @Roles('administrator', 'contributor')
  @Operation(
    'Remove an export; what it delivered stays in Klaviyo',
    { 200: removedExportSchema },
    { ifMatch: true, problems: { 403: 'forbidden, connection_not_shared, export_not_yours', 404: 'export_not_found' } },
  )
  async remove(
    @Param('id', idPipe(exportNotFound)) id: string,
    @Write() write: WriteRequest,
  ): Promise<z.infer<typeof removedExportSchema>> {
    await this.edit(id, { kind: 'remove' }, write);
    return { id, state: 'removed', detail: 'The export runs no more. The people that it delivered stay in Klaviyo.' };
  }
  @Post(':id/pause')
  @HttpCode(200)
  @Roles('administrator', 'contributor')
  @Operation(
    'Pause an export: refreshes start no run of it; one that has begun goes on',
    { 200: exportSchema },
    {
      etag: true,
      ifMatch: true,
      problems: { 403: 'forbidden, connection_not_shared, export_not_yours', 404: 'export_not_found', 409: 'no_connection' },
    },
  )
  async pause(
    @Param('id', idPipe(exportNotFound)) id: string,
    @Write() write: WriteRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Export> {
    await this.edit(id, { kind: 'pause' }, write);
    return this.read(id, write.user, response);
  }

  @Post(':id/activate')
  @HttpCode(200)
  @Roles('administrator', 'contributor')
  @Operation(
    'Let an export run with the next refresh again',
    { 200: exportSchema },
    {
      etag: true,
      ifMatch: true,
      problems: { 403: 'forbidden, connection_not_shared, export_not_yours', 404: 'export_not_found', 409: 'no_connection' },
    },
  )
  async activate(
    @Param('id', idPipe(exportNotFound)) id: string,
    @Write() write: WriteRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Export> {
    await this.edit(id, { kind: 'activate' }, write);
    await this.checkList.execute(id, write.authorization);
    return this.read(id, write.user, response);
  }

  @Post(':id/duplicate')
  @Roles('administrator', 'contributor')
  @Operation(
    'Copy an export; the copy is paused, because both would fill one list',
    { 201: exportSchema },
    {
      etag: true,
      location: true,
      problems: { 403: 'forbidden, connection_not_shared, export_not_yours', 404: 'export_not_found' },
    },
  )
  async duplicate(
    @Param('id', idPipe(exportNotFound)) id: string,
    @Write() write: WriteRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Export> {
    const copyId = write.once.earlier ?? (await this.copy(id, write));
    response.location(`/v1/exports/${copyId}`);
    return this.read(copyId, write.user, response);
  }

  private async make(body: z.infer<typeof createExportSchema>, write: WriteRequest): Promise<string> {
    const result = await this.createExport.execute(body, write);
    switch (result.kind) {
      case 'created':
        return result.id;
      case 'connection_not_found':
        throw connectionNotFound();
      case 'connection_not_shared':
        throw connectionNotShared();
      case 'list_not_found':
        throw listNotFound();
    }
  }

  private async copy(id: string, { user, once }: WriteRequest): Promise<string> {
    const result = await this.duplicateExport.execute(id, user, once);
    switch (result.kind) {
      case 'created':
        return result.id;
      case 'export_not_found':
        throw exportNotFound();
      case 'connection_not_shared':
        throw connectionNotShared();
      case 'export_not_yours':
        throw exportNotYours();
    }
  }

  private async edit(id: string, event: ExportEvent, write: WriteRequest): Promise<void> {
    if (write.once.earlier !== null) return;
    const result = await this.editExport.execute(id, event, write);
    switch (result.kind) {
      case 'changed':
        return;
      case 'export_not_found':
        throw exportNotFound();
      case 'version_differs':
        throw versionDiffers();
      case 'no_connection':
        throw noConnection();
      case 'list_not_found':
        throw listNotFound();
      case 'connection_not_found':
        throw connectionNotFound();
      case 'connection_not_shared':
        throw connectionNotShared();
      case 'export_not_yours':
        throw exportNotYours();
    }
  }
}
