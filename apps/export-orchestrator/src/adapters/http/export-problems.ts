import { problem } from '@courier/http';
import { ParseUUIDPipe } from '@nestjs/common';

/** Ids are opaque to callers: one that cannot exist is one that does not exist. */
export function idPipe(notFound: () => Error): ParseUUIDPipe {
  return new ParseUUIDPipe({ exceptionFactory: notFound });
}

export function exportNotFound(): Error {
  return problem(404, 'export_not_found', 'No export has this id.', 'Choose one of GET /v1/exports.');
}

export function connectionNotFound(): Error {
  return problem(404, 'connection_not_found', 'No connection has this id.', 'Choose one of GET /v1/connections.');
}

export function connectionNotShared(): Error {
  const detail = 'The connection is for administrators.';
  return problem(403, 'connection_not_shared', detail, 'Ask an administrator to share it with contributors.');
}

export function exportNotYours(): Error {
  const detail = 'The export has no connection, and somebody else created it.';
  return problem(403, 'export_not_yours', detail, 'Ask its creator or an administrator to attach a connection.');
}

export function noConnection(): Error {
  return problem(409, 'no_connection', 'The export has no connection.', 'Attach a connection first: PATCH its connectionId.');
}

export function listNotFound(): Error {
  const detail = 'The Klaviyo account of the connection has no such list.';
  return problem(400, 'list_not_found', detail, {
    remedy: 'Choose one of the lists of the connection.',
    errors: [{ path: 'listId', code: 'list_not_found', detail }],
  });
}
