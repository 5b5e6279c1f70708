import { CurrentUser, invalidCursor, Operation, problem, Roles, type User, ZodQuery } from '@courier/http';
import { Controller, Get, Param, ParseUUIDPipe, type PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { attentionFor } from './attention';
import type { KlaviyoList } from '../klaviyo';
import { type ListRead, type ListReader, ReadLists } from './read-lists';
import { listIdPattern, listPageSchema, listQuerySchema, listSchema } from './list-schemas';

/** Ids are opaque to callers: one that cannot exist is one that does not exist. */
const connectionIdPipe = new ParseUUIDPipe({ exceptionFactory: connectionNotFound });
const listIdPipe: PipeTransform<string, string> = {
  transform(listId) {
    if (listIdPattern.test(listId)) return listId;
    throw listNotFound();
  },
};

@Controller('v1/connections/:connectionId/lists')
@Roles('administrator', 'contributor')
export class ListsController {
  constructor(private readonly lists: ReadLists) {}

  @Get()
  @Operation(
    "The lists of the connection's Klaviyo account, at most 10 a page",
    { 200: listPageSchema },
    {
      problems: {
        404: 'connection_not_found',
        409: 'What Klaviyo says about the key: invalid_api_key, missing_scope and the like',
      },
    },
  )
  async page(
    @Param('connectionId', connectionIdPipe) connectionId: string,
    @ZodQuery(listQuerySchema) { limit, cursor }: z.infer<typeof listQuerySchema>,
    @CurrentUser() user: User,
  ): Promise<z.infer<typeof listPageSchema>> {
    const page = found(await this.lists.page(readerOf(user), connectionId, { limit, cursor: cursor ?? null }));
    return { items: page.items, nextCursor: page.nextCursor };
  }

  @Get(':listId')
  @Operation(
    'One list',
    { 200: listSchema },
    {
      problems: {
        404: 'connection_not_found, list_not_found',
        409: 'What Klaviyo says about the key: invalid_api_key, missing_scope and the like',
      },
    },
  )
  async one(
    @Param('connectionId', connectionIdPipe) connectionId: string,
    @Param('listId', listIdPipe) listId: string,
    @CurrentUser() user: User,
  ): Promise<KlaviyoList> {
    return found(await this.lists.one(readerOf(user), connectionId, listId));
  }
}

function connectionNotFound(): Error {
  const detail = 'No connection with this id can be used.';
  return problem(404, 'connection_not_found', detail, 'Choose one of GET /v1/connections of connection-service.');
}

function listNotFound(): Error {
  return problem(404, 'list_not_found', 'The Klaviyo account has no such list.', 'Choose one of the lists of this connection.');
}

function readerOf(user: User): ListReader {
  return { administrator: user.roles.includes('administrator') };
}

function found<T>(read: ListRead<T>): T {
  switch (read.kind) {
    case 'ok':
      return read.value;
    case 'no_connection':
      throw connectionNotFound();
    case 'not_found':
      throw listNotFound();
    case 'refused': {
      const { code, detail, remedy } = attentionFor(read.problem);
      throw problem(409, code, detail, remedy);
    }
    case 'invalid':
      throw invalidCursor();
    case 'throttled': {
      const headers = { 'Retry-After': String(Math.ceil(read.retryAfterMs / 1_000)) };
      throw problem(503, 'klaviyo_throttled', "The account's rate limit is used up.", { remedy: 'Try again later.', headers });
    }
    case 'unavailable':
    case 'unknown':
      throw problem(503, 'klaviyo_unreachable', 'Klaviyo did not answer.', 'Try again later.');
  }
}
