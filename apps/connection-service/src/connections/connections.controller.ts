import { connectionSchema, type Connection as ConnectionView, type Page, type SharedConnection } from '@courier/contracts';
import {
  CurrentUser,
  decodeCursor,
  entityTag,
  Operation,
  PreferredWaitMs,
  Roles,
  toPage,
  Write,
  ZodBody,
  ZodQuery,
  type Actor,
  type User,
  type WriteRequest,
} from '@courier/http';
import type { Once } from '@courier/persistence';
import { Controller, Delete, Get, HttpStatus, Param, ParseUUIDPipe, Patch, Post, Res } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { Response } from 'express';
import type { z } from 'zod';
import type { View } from './access';
import type { Connection } from './connection';
import { ConnectionChecksService } from './connection-checks.service';
import { ConnectionsRepository } from './connections.repository';
import { ConnectionsService } from './connections.service';
import {
  connectionPageSchema,
  createConnectionSchema,
  listConnectionsSchema,
  patchConnectionSchema,
  removeConnectionSchema,
  removedConnectionSchema,
  type CreateConnectionBody,
  type ListConnectionsQuery,
  type PatchConnectionBody,
  type RemoveConnectionQuery,
  visibleConnectionSchema,
} from './connection-schemas';
import { connectionNotFound, refusalOf } from './connection-problems';
import { toFullView, toView } from './connection-view';

/** Ids are opaque to callers, so one that cannot be ours is simply not found. */
const idPipe = new ParseUUIDPipe({ exceptionFactory: connectionNotFound });

const preferHeader = {
  name: 'Prefer',
  required: false,
  schema: { type: 'string', maxLength: 200, example: 'wait=10' },
  description: '`wait=N`: answer when the check has ended, at most 30 s later',
};

@Controller('v1/connections')
export class ConnectionsController {
  constructor(
    private readonly connections: ConnectionsService,
    private readonly checks: ConnectionChecksService,
    private readonly repository: ConnectionsRepository,
  ) {}

  @Post()
  @ApiHeader(preferHeader)
  @Roles('administrator')
  @Operation(
    'Create a connection; with Prefer: wait=N the answer comes when its check has ended',
    { 201: connectionSchema },
    {
      etag: true,
      location: true,
      problems: { 400: 'invalid_request, consent_required, profile_limit_too_high, invalid_preference' },
    },
  )
  async create(
    @ZodBody(createConnectionSchema) body: CreateConnectionBody,
    @Write() { user, once }: WriteRequest,
    @PreferredWaitMs() waitMs: number,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ConnectionView> {
    const made = once.earlier === null ? await this.make(body, user, once) : await this.existing(once.earlier);
    const connection = await this.checks.awaitEnd(made, waitMs);
    response.location(`/v1/connections/${connection.id}`).setHeader('ETag', entityTag(connection.version));
    return toFullView(connection);
  }

  @Get()
  @Roles('administrator', 'contributor')
  @Operation('List connections, newest first; contributors see shared ones only', { 200: connectionPageSchema })
  async list(
    @ZodQuery(listConnectionsSchema) { limit, cursor }: ListConnectionsQuery,
    @CurrentUser() user: User,
  ): Promise<Page<ConnectionView | SharedConnection>> {
    const view = viewOf(user);
    const after = cursor === undefined ? null : decodeCursor(cursor);
    const found = await this.repository.findPage({ view, limit, after });
    return toPage(found, limit, (connection) => toView(connection, view));
  }

  @Get(':id')
  @Roles('administrator', 'contributor')
  @Operation('Show a connection', { 200: visibleConnectionSchema }, { etag: true, problems: { 404: 'connection_not_found' } })
  async show(
    @Param('id', idPipe) id: string,
    @CurrentUser() user: User,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ConnectionView | SharedConnection> {
    const view = viewOf(user);
    const found = await this.repository.findVisible(id, view);
    if (found === null) throw connectionNotFound();
    response.setHeader('ETag', entityTag(found.version));
    return toView(found, view);
  }

  @Patch(':id')
  @Roles('administrator')
  @Operation(
    'Change the name, who may use it, or the profile limit',
    { 200: connectionSchema },
    { etag: true, ifMatch: true, problems: { 404: 'connection_not_found' } },
  )
  async patch(
    @Param('id', idPipe) id: string,
    @ZodBody(patchConnectionSchema) body: PatchConnectionBody,
    @Write() { user, matches }: WriteRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ConnectionView> {
    const result = await this.connections.edit(id, body, { by: user, matches });
    if (result.kind !== 'changed') throw refusalOf(result);
    const connection = await this.existing(id);
    response.setHeader('ETag', entityTag(connection.version));
    return toFullView(connection);
  }

  @Delete(':id')
  @Roles('administrator')
  @Operation(
    'Remove a connection; what it delivered stays in Klaviyo',
    { 200: removedConnectionSchema },
    { ifMatch: true, problems: { 404: 'connection_not_found', 409: 'connection_in_use' } },
  )
  async remove(
    @Param('id', idPipe) id: string,
    @ZodQuery(removeConnectionSchema) { exports }: RemoveConnectionQuery,
    @Write() { user, matches }: WriteRequest,
  ): Promise<z.infer<typeof removedConnectionSchema>> {
    const result = await this.connections.remove(id, exports ?? null, { by: user, matches });
    if (result.kind !== 'removed') throw refusalOf(result);
    const fate = exports === 'remove' ? 'were removed' : 'lost it and rest';
    const told = result.exports.length === 0 ? 'Nothing used it.' : `The exports that used it ${fate}.`;
    return { id, state: 'removed', exports: result.exports, detail: `${told} The people that it delivered stay in Klaviyo.` };
  }

  @Post(':id/verify')
  @ApiHeader(preferHeader)
  @Roles('administrator')
  @Operation(
    'Check the credential again: 200 when the check has ended, 202 while it goes on',
    {
      200: connectionSchema,
      202: connectionSchema,
    },
    { etag: true, ifMatch: true, problems: { 404: 'connection_not_found' } },
  )
  async verify(
    @Param('id', idPipe) id: string,
    @Write() write: WriteRequest,
    @PreferredWaitMs() waitMs: number,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ConnectionView> {
    const requested = write.once.earlier === null ? await this.request(id, write) : await this.existing(id);
    const connection = await this.checks.awaitEnd(requested, waitMs);
    response.setHeader('ETag', entityTag(connection.version));
    response.status(connection.state === 'verifying' ? HttpStatus.ACCEPTED : HttpStatus.OK);
    return toFullView(connection);
  }

  private async request(id: string, { user, ...write }: WriteRequest): Promise<Connection> {
    const result = await this.checks.request(id, { by: user, ...write });
    if (result.kind !== 'requested') throw refusalOf(result);
    return result.connection;
  }

  private async make(body: CreateConnectionBody, user: Actor, once: Once): Promise<Connection> {
    const created = await this.connections.create(body, user, once);
    if (created.kind !== 'created') throw refusalOf(created);
    return created.connection;
  }

  private async existing(id: string): Promise<Connection> {
    const found = await this.repository.findVisible(id, 'full');
    if (found === null) throw connectionNotFound();
    return found;
  }
}

function viewOf({ roles }: User): View {
  return roles.includes('administrator') ? 'full' : 'shared';
}
