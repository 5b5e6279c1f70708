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
