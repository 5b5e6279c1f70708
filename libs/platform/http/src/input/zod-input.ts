import { Body, Query } from '@nestjs/common';
import { ApiBody, ApiQuery } from '@nestjs/swagger';
import type { z } from 'zod';
import { openApiSchema } from '../openapi/open-api-schema';
import { ZodPipe } from './zod-pipe';

/** `@Body()` that is parsed by the schema and shown by the same schema in the OpenAPI document. */
export function ZodBody(schema: z.ZodType): ParameterDecorator {
  return (target, key, index) => {
    Body(new ZodPipe(schema))(target, key, index);
    documented(target, key, ApiBody({ schema: openApiSchema(schema, 'input') }));
  };
}

/** `@Query()` that is parsed by the schema; every property of it appears in the OpenAPI document. */
export function ZodQuery(schema: z.ZodObject): ParameterDecorator {
  return (target, key, index) => {
    Query(new ZodPipe(schema))(target, key, index);
    const { properties = {}, required = [] } = openApiSchema(schema, 'input');
    for (const [name, property] of Object.entries(properties)) {
      documented(target, key, ApiQuery({ name, required: required.includes(name), schema: property }));
    }
  };
}

function documented(target: object, key: string | symbol | undefined, decorator: MethodDecorator): void {
  const descriptor = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
  if (key !== undefined && descriptor !== undefined) decorator(target, key, descriptor);
}
