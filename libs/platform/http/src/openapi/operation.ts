import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import { openApiSchema } from './open-api-schema';

export interface OperationMore {
  /** The answer carries an ETag. */
  etag?: true;
  /** The answer says where the thing is that was made. */
  location?: true;
  /** The request may name the version that it means. */
  ifMatch?: true;
  /** The codes of problems that are this route's own, by status. */
  problems?: Record<number, string>;
}

export const ifMatchName = 'If-Match';

const text = { type: 'string' } as const;
const etagHeader = {
  ETag: { description: 'The version; send it as If-Match with a change', schema: { ...text, example: '"3"' } },
};
const locationHeader = { Location: { description: 'Where it is', schema: { ...text, format: 'uri-reference' } } };
const ifMatch = {
  name: ifMatchName,
  required: false,
  description: 'The ETag of what was read; 412 when it has changed since',
  schema: { ...text, maxLength: 1_000, example: '"3"' },
};

/** What a route is for and what it answers, for the OpenAPI document: `@Operation('Create a connection', { 201: connectionSchema })`. */
export function Operation(summary: string, answers: Record<number, z.ZodType>, more: OperationMore = {}): MethodDecorator {
  const headers = { ...(more.etag ? etagHeader : {}), ...(more.location ? locationHeader : {}) };
  return applyDecorators(
    ApiOperation({ summary }),
    ...(more.ifMatch ? [ApiHeader(ifMatch)] : []),
    ...Object.entries(answers).map(([status, schema]) =>
      ApiResponse({ status: Number(status), description: summary, headers, schema: openApiSchema(schema, 'output') }),
    ),
    ...Object.entries(more.problems ?? {}).map(([status, description]) => ApiResponse({ status: Number(status), description })),
  );
}
